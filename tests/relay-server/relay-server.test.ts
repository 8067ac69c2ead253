import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createNetServer } from "node:net";
import { join } from "node:path";
import { setTimeout as timeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { upload } from "../../src/client/upload.js";
import { createRelayServer, type RelayServerParts } from "../../src/relay-server/index.js";
import { GATE_LIMITS } from "../../src/server/index.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import { submissionMessage } from "../support/message.js";
import { eventually, startTestPortal, type TestPortal } from "../support/portal.js";
import { exchange, statusesOf } from "../support/raw-request.js";
import { socksProxy } from "../support/socks-proxy.js";
import { uploadOptions } from "../support/upload-options.js";

const MIB = 1024 * 1024;
let portal: TestPortal;
let before: ReadonlySet<string>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  portal = await startTestPortal();
});
beforeEach(async () => {
  before = new Set(await portal.stored());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => portal.stop());

async function startRelay(more: Partial<RelayServerParts> = {}): Promise<string> {
  const server = createRelayServer({ portal: new URL(portal.url), proxy: null, clients: "socket", ...more });
  closing.push(() => closeNow(server));
  return listenLocally(server);
}

async function startServer(server: ReturnType<typeof createServer>): Promise<URL> {
  closing.push(() => closeNow(server));
  return new URL(await listenLocally(server));
}

const streamOf = (bytes: Uint8Array) => new Blob([new Uint8Array(bytes)]).stream();

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Once, and nothing else but what was there before. */
async function expectStored(bytes: Uint8Array): Promise<void> {
  const names = (await portal.stored()).filter((name) => !before.has(name));
  expect(names).toHaveLength(1);
  const stored = await readFile(join(portal.folder, "submissions", names[0] ?? ""));
  expect(digestOf(stored)).toBe(digestOf(bytes));
}

describe("the relay", () => {
  it("brings a letter to the portal whole, by the client's own upload", async () => {
    const bytes = await submissionMessage(portal.recipient, 3_000_000);
    await upload(streamOf(bytes), uploadOptions(await startRelay()));
    await expectStored(bytes);
  });

  it("brings it through a SOCKS proxy, which finds the onion service", async () => {
    const proxy = await socksProxy(portal.url);
    closing.push(proxy.close);
    const onion = new URL(`http://${"a".repeat(56)}.onion/`);
    const bytes = await submissionMessage(portal.recipient, 300_000);
    await upload(streamOf(bytes), uploadOptions(await startRelay({ portal: onion, proxy })));
    await expectStored(bytes);
    expect(new Set(proxy.asked)).toEqual(new Set([onion.hostname]));
  });

  it("answers what the client asks first as the portal does, and shows the time of the portal", async () => {
    const url = await startRelay();
    for (const path of ["/keys.asc", "/keys.json", "/challenge"]) {
      const [direct, through] = await Promise.all([fetch(new URL(path, portal.url)), fetch(new URL(path, url))]);
      expect([through.status, through.headers.get("content-type")]).toEqual([
        direct.status,
        direct.headers.get("content-type"),
      ]);
      expect(through.headers.get("date")).not.toBeNull();
      if (path.startsWith("/keys")) expect(await through.text()).toBe(await direct.text());
    }
    const endpoint = await fetch(new URL("/uploads", url), { method: "OPTIONS" });
    expect(endpoint.headers.get("Tus-Version")).toBe("1.0.0");
    expect((await fetch(new URL(`/mailbox/${"a".repeat(32)}?from=0`, url))).status).toBe(404);
  });

  it("goes on with an upload that another relay began", async () => {
    const bytes = await submissionMessage(portal.recipient, 100_000);
    const [first, second] = [await startRelay(), await startRelay()];
    const version = { "Tus-Resumable": "1.0.0" };
    const begun = await fetch(new URL("/uploads", first), {
      method: "POST",
      headers: { ...version, "Upload-Length": String(bytes.length) },
    });
    const place = begun.headers.get("Location") ?? "";
    const send = (url: string, from: number, to: number) =>
      fetch(new URL(place, url), {
        method: "PATCH",
        headers: { ...version, "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
        body: new Uint8Array(bytes.subarray(from, to)),
      });
    expect((await send(first, 0, 40_000)).headers.get("Upload-Offset")).toBe("40000");
    const told = await fetch(new URL(place, second), { method: "HEAD", headers: version });
    expect(told.headers.get("Upload-Offset")).toBe("40000");
    const last = await send(second, 40_000, bytes.length);
    expect(last.headers.get("Postern-Sha256")).toBe(createHash("sha256").update(bytes).digest("hex"));
    await expectStored(bytes);
  });

  it.each([
    ["the absolute form", (to: string) => `GET ${to}keys.asc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    [
      "a host of another",
      (to: string) => `GET //${new URL(to).host}/keys.asc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ],
    ["CONNECT", (to: string) => `CONNECT ${new URL(to).host} HTTP/1.1\r\nHost: x\r\n\r\n`],
    [
      "an upgrade",
      (to: string) =>
        `GET / HTTP/1.1\r\nHost: ${new URL(to).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ["TRACE", () => "TRACE /keys.asc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    ["SOCKS 4", () => "\x04\x01\x00\x50\x7f\x00\x00\x01\x00"],
    ["no HTTP", () => "EHLO x\r\n"],
  ])("reaches nothing but its portal: %s", async (_what, request) => {
    const seen: string[] = [];
    const other = await startServer(
      createServer((incoming, response) => {
        seen.push(incoming.url ?? "");
        response.end("reached");
      }),
    );
    const answer = await exchange(await startRelay(), request(other.href), 1_000);
    expect(answer).not.toContain("reached");
    // Node closes the connection of a CONNECT that nobody takes.
    expect(answer).toMatch(/^(?:HTTP\/1\.1 4\d\d .*)?$/s);
    expect(seen).toEqual([]);
    expect(portal.answering()).toBe(0);
  });

  const SMUGGLED = "GET /staff HTTP/1.1\r\nHost: x\r\nX-Smuggled: 1\r\n\r\n";
  const UPLOAD = `/uploads/${"0f".repeat(16)}`;
  const withBody = (method: string, path: string, headers: readonly string[], body = SMUGGLED) =>
    [`${method} ${path} HTTP/1.1`, "Host: x", ...headers, "", body].join("\r\n");
  const size = `Content-Length: ${SMUGGLED.length}`;
  it.each([
    ["a GET with a body", withBody("GET", "/keys.asc", [size])],
    ["a HEAD with a body", withBody("HEAD", UPLOAD, [size])],
    ["an OPTIONS with a body", withBody("OPTIONS", "/uploads", [size])],
    [
      "a GET with a body in chunks",
      withBody("GET", "/challenge", ["Transfer-Encoding: chunked"], `0\r\n\r\n${SMUGGLED}`),
    ],
    ["two lengths", withBody("PATCH", UPLOAD, ["Content-Length: 0", size])],
    ["a length and chunks", withBody("PATCH", UPLOAD, [size, "Transfer-Encoding: chunked"], `0\r\n\r\n${SMUGGLED}`)],
    ["chunks and a length", withBody("PATCH", UPLOAD, ["Transfer-Encoding: chunked", "Content-Length: 0"])],
    ["another coding", withBody("PATCH", UPLOAD, ["Transfer-Encoding: identity, chunked"], `0\r\n\r\n${SMUGGLED}`)],
    ["a coding in disguise", withBody("PATCH", UPLOAD, ["Transfer-Encoding : chunked", size])],
    ["a tab before the coding", withBody("PATCH", UPLOAD, ["Transfer-Encoding:\tchunked", size])],
    ["a length with a sign", withBody("PATCH", UPLOAD, [`Content-Length: +${SMUGGLED.length}`])],
    ["a folded header", withBody("PATCH", UPLOAD, ["X: 1\r\n Transfer-Encoding: chunked", size])],
    ["lines that end in LF alone", `PATCH ${UPLOAD} HTTP/1.1\nHost: x\nContent-Length: 0\n\n${SMUGGLED}`],
    ["a length that the connection takes away", withBody("PATCH", UPLOAD, ["Connection: content-length", size])],
    ["a body that waits to be asked for", withBody("PATCH", UPLOAD, ["Expect: 100-continue", size])],
    ["a break in the path", withBody("GET", "/keys.asc%0d%0aX: 1", [])],
    ["a break in a header", withBody("GET", "/keys.asc", ["Accept: x\rX-Smuggled: 1"], "")],
    ["an odd size of a chunk", withBody("PATCH", UPLOAD, ["Transfer-Encoding: chunked"], `0;\n\r\n\r\n${SMUGGLED}`)],
    [
      "a chunk that ends early",
      withBody("PATCH", UPLOAD, ["Transfer-Encoding: chunked"], `1\r\nxx\r\n0\r\n\r\n${SMUGGLED}`),
    ],
    [
      "a header after the body",
      withBody("PATCH", UPLOAD, ["Transfer-Encoding: chunked"], `0\r\nContent-Length: 9\r\n\r\n${SMUGGLED}`),
    ],
  ])("lets no request reach its portal inside another: %s", async (_what, request) => {
    const seen: string[] = [];
    const target = await startServer(
      createServer((incoming, response) => {
        seen.push(`${incoming.method} ${incoming.url}`);
        if ("x-smuggled" in incoming.headers) seen.push("a header of somebody else");
        incoming.resume().once("end", () => response.setHeader("Content-Type", "text/plain").end("x"));
      }),
    );
    const relay = await startRelay({ portal: target });
    const answer = await exchange(relay, request, 1_000);
    // The same line to the portal is used again, and the next one's answer is his own.
    expect(await (await fetch(new URL("/keys.json", relay))).text()).toBe("x");
    for (const status of statusesOf(answer).slice(1)) expect(status).toBeGreaterThanOrEqual(400);
    expect(
      seen.filter((asked) => !/^(?:(?:GET|HEAD|OPTIONS|PATCH) \/(?:keys\.|challenge|uploads))/.test(asked)),
    ).toEqual([]);
  });

  it.each([
    ["GET", "/keys.asc"],
    ["GET", "/challenge"],
    ["OPTIONS", "/uploads"],
  ])("gives nobody's next request to a portal that answers %s %s before it reads a body", async (method, path) => {
    const seen: string[] = [];
    const target = await startServer(
      createServer((incoming, response) => {
        seen.push(`${incoming.method} ${incoming.url}`);
        response.setHeader("Content-Type", "text/plain").end("x");
      }),
    );
    const relay = await startRelay({ portal: target });
    const length = "GET /keys.json HTTP/1.1\r\n".length;
    const request = withBody(method, path, [`Content-Length: ${length}`, "Connection: close"], "x".repeat(length));
    expect(statusesOf(await exchange(relay, request))).toEqual([200]);
    expect(await (await fetch(new URL("/keys.json", relay))).text()).toBe("x");
    expect(seen).toEqual([`${method} ${path}`, "GET /keys.json"]);
  });

  it("uses its line to the portal again, after answers with a body and without", async () => {
    let lines = 0;
    const server = createServer((incoming, response) => {
      const empty = incoming.method === "HEAD" || incoming.method === "PATCH";
      incoming.resume().once("end", () => {
        if (empty) response.writeHead(204).end();
        else response.setHeader("Content-Type", "text/plain").end("x");
      });
    });
    server.on("connection", () => {
      lines += 1;
    });
    const relay = await startRelay({ portal: await startServer(server) });
    for (let round = 0; round < 5; round += 1) {
      expect(await (await fetch(new URL("/keys.asc", relay))).text()).toBe("x");
      expect((await fetch(new URL(UPLOAD, relay), { method: "HEAD" })).status).toBe(204);
      expect((await fetch(new URL(UPLOAD, relay), { method: "PATCH", body: "piece" })).status).toBe(204);
    }
    expect(lines).toBe(1);
  });

  it("takes a piece of 9 MiB, and of one byte more neither with a length nor without", async () => {
    let bytes = 0;
    const target = await startServer(
      createServer((incoming, response) => {
        bytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        incoming.once("end", () => response.writeHead(204).end());
      }),
    );
    const relay = await startRelay({ portal: target });
    const patch = async (size: number, streamed = false) => {
      const body = streamed ? streamOf(new Uint8Array(size)) : new Uint8Array(size);
      return (await fetch(new URL(UPLOAD, relay), { method: "PATCH", body, duplex: "half" } as RequestInit)).status;
    };
    expect([await patch(9 * MIB), bytes]).toEqual([204, 9 * MIB]);
    expect([await patch(9 * MIB, true), bytes]).toEqual([204, 9 * MIB]);
    expect(await patch(9 * MIB + 1)).toBe(413);
    expect(await patch(9 * MIB + 1, true)).toBe(502);
    expect((await fetch(new URL("/keys.asc", relay))).status).toBe(204);
  });

  it("stops reading where the portal does not take what comes", async () => {
    const target = await startServer(createServer(() => undefined));
    const { hostname, port } = new URL(await startRelay({ portal: target }));
    const socket = connect(Number(port), hostname);
    closing.push(async () => void socket.destroy());
    socket.write(withBody("PATCH", UPLOAD, [`Content-Length: ${9 * MIB}`], ""));
    const chunk = Buffer.alloc(64 * 1024);
    let sent = 0;
    // It is held back when the kernel has taken what it takes, and nobody has asked for more for a second.
    const heldBack = async () => {
      while (socket.write(chunk)) sent += chunk.length;
      const taken = await Promise.race([once(socket, "drain").then(() => true), timeout(1_000).then(() => false)]);
      return !taken;
    };
    while (!(await heldBack()) && sent < 9 * MIB) sent += chunk.length;
    expect(sent).toBeLessThan(9 * MIB);
  });

  it.each([
    ["a page", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<script>", 404],
    ["a redirect", "HTTP/1.1 302 Found\r\nContent-Type: text/plain\r\nLocation: //evil.example/\r\n\r\nx", 502],
    ["no HTTP", "SSH-2.0-OpenSSH\r\n", 502],
    ["a status that is none", "HTTP/1.1 700 Odd\r\nContent-Type: text/plain\r\n\r\nx", 502],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx", 502],
  ])("never passes on %s of whoever is in the portal's place", async (_what, said, status) => {
    const liar = createNetServer((socket) => socket.on("error", () => undefined).end(said));
    liar.listen(0, "127.0.0.1");
    await once(liar, "listening");
    closing.push(async () => void liar.close());
    const target = new URL(`http://127.0.0.1:${(liar.address() as AddressInfo).port}/`);
    const answer = await fetch(new URL("/keys.asc", await startRelay({ portal: target })), { redirect: "manual" });
    expect([answer.status, (await answer.text()).replace(/^unreachable\n$/, "")]).toEqual([status, ""]);
    expect(answer.headers.has("Location")).toBe(false);
  });

  it("cuts an answer off that is longer than any of a portal, or that the portal cuts off", async () => {
    const target = await startServer(
      createServer((incoming, response) => {
        response.setHeader("Content-Type", "text/plain");
        if (incoming.url === "/keys.asc") {
          const more = () => {
            while (response.writable && response.write(Buffer.alloc(MIB / 4)));
          };
          response.on("drain", more);
          more();
        } else response.writeHead(200, { "Content-Length": "9" }).write("half", () => response.destroy());
      }),
    );
    const relay = await startRelay({ portal: target });
    await expect(fetch(new URL("/keys.asc", relay)).then((answer) => answer.text())).rejects.toThrow();
    await expect(fetch(new URL("/keys.json", relay)).then((answer) => answer.text())).rejects.toThrow();
  });

  it("asks the portal for its own address, whatever host and headers it is asked with", async () => {
    const seen: { host: string; names: string[] }[] = [];
    const target = await startServer(
      createServer((incoming, response) => {
        seen.push({ host: incoming.headers.host ?? "", names: Object.keys(incoming.headers) });
        response.setHeader("Content-Type", "text/plain").end("x");
      }),
    );
    const relay = await startRelay({ portal: target });
    const request = [
      "GET /keys.asc HTTP/1.1",
      "Host: evil.example",
      "User-Agent: canary",
      "Accept-Language: ru",
      "X-Forwarded-For: 203.0.113.7",
      "Connection: close, x-canary",
      "X-Canary: 1",
    ];
    expect(await exchange(relay, `${request.join("\r\n")}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
    expect(seen).toEqual([{ host: target.host, names: ["accept-encoding", "host", "connection"] }]);
  });

  it("lets go of the portal's line when a client goes away in the middle", async () => {
    const { hostname, port } = new URL(await startRelay());
    const begun = await fetch(new URL("/uploads", portal.url), {
      method: "POST",
      headers: { "Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1" },
    });
    const socket = connect(Number(port), hostname);
    socket.write(
      `PATCH ${begun.headers.get("Location")} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
        "Content-Type: application/offset+octet-stream\r\nContent-Length: 1000\r\n\r\n",
    );
    await eventually(async () => portal.answering() === 1, "the portal answers it");
    socket.destroy();
    await eventually(async () => portal.answering() === 0, "the portal has ended it");
  });

  it("refuses a visitor who holds too many requests, and serves others", async () => {
    // A portal that never answers.
    const target = await startServer(createServer(() => undefined));
    // What other tests of this process have left in memory would close it.
    const limits = { ...GATE_LIMITS, maxMemoryBytes: Number.POSITIVE_INFINITY };
    const { hostname, port } = new URL(await startRelay({ portal: target, clients: "forwarded", limits }));
    const from = (address: string, method = "POST") =>
      `${method} ${method === "POST" ? "/uploads" : "/challenge"} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nContent-Length: 0\r\n\r\n`;
    let refused = 0;
    const sockets = Array.from({ length: 160 }, () => {
      const socket = connect(Number(port), hostname).on("error", () => undefined);
      socket.on("data", (bytes: Buffer) => {
        if (/^HTTP\/1\.1 (429|503)/.test(bytes.toString("latin1"))) refused += 1;
      });
      socket.write(from("203.0.113.7"));
      return socket;
    });
    closing.push(async () => void sockets.map((socket) => socket.destroy()));
    await eventually(async () => refused >= 32, "those over a share are refused");
    const seen = once(connect(Number(port), hostname).end(from("198.51.100.7", "GET")), "close");
    closing.push(async () => void (await seen.catch(() => undefined)));
    expect(refused).toBeLessThanOrEqual(60);
  });
});
