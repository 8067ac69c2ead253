import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { afterEach, describe, expect, it } from "vitest";
import type { Line } from "../../../src/client/messages.js";
import { upload } from "../../../src/client/upload.js";
import { submissionMessage } from "../../support/message.js";
import { overriding } from "../../support/overriding.js";
import { eventually, formOf, type PortalOptions, startTestPortal, type TestPortal } from "../../support/portal.js";
import { beginPost } from "../../support/raw-request.js";

let portal: TestPortal;
const held: Socket[] = [];
const start = async (options?: PortalOptions) => {
  portal = await startTestPortal(options);
};
afterEach(async () => {
  for (const socket of held.splice(0)) socket.destroy();
  await portal.stop();
});

/** Letters that begin and never end. */
async function hold(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const socket = await beginPost(`${portal.url}/ru/submit`, { "Content-Length": "1000000", Expect: "100-continue" });
    socket.on("error", () => undefined);
    held.push(socket);
    await new Promise((resolve) => socket.once("data", resolve));
  }
}

const PIECE = { "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream" };

/** Sends the head of a PATCH that announces so many bytes. */
async function beginPatch(url: string, length: number): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const headers = { Host: hostname, ...PIECE, "Upload-Offset": "0", "Content-Length": length };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`PATCH ${pathname} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return socket;
}

const LETTER = "Мы пишем, чтобы найти своих";
const submit = (language = "ru", headers: Record<string, string> = {}) =>
  fetch(`${portal.url}/${language}/submit`, { method: "POST", body: formOf({ message: LETTER }), headers });
const begin = (headers: Record<string, string> = {}) =>
  fetch(`${portal.url}/uploads`, {
    method: "POST",
    headers: { "Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1", ...headers },
  });
const health = async () => (await (await fetch(`${portal.url}/healthz`)).json()) as Record<string, string[]>;

describe("under pressure, and only then,", () => {
  it("an upload begins with a proof of work, each good for one", async () => {
    await start({ limits: { places: 4 } });
    expect((await begin()).status).toBe(201);
    expect((await health()).warnings).toEqual([]);
    await hold(2);
    const refused = await begin();
    expect([refused.status, await refused.text()]).toEqual([429, "proof_of_work\n"]);
    const challenge = await (await fetch(`${portal.url}/challenge`)).json();
    const proof = Buffer.from(
      JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) }),
    ).toString("base64");
    expect((await begin({ "Postern-Proof": proof })).status).toBe(201);
    expect((await begin({ "Postern-Proof": proof })).status).toBe(429);
    expect((await health()).warnings).toEqual(["under pressure: browsers are asked for a proof of work"]);
  });

  it("the client does that work, says so, and the letter arrives", async () => {
    await start({ limits: { places: 4 } });
    await hold(2);
    const said: Line[] = [];
    await upload(new Blob([new Uint8Array(await submissionMessage(portal.recipient, 10))]).stream(), {
      endpoint: new URL("/uploads", portal.url),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onSent: () => undefined,
      onLine: (line) => said.push(line),
      mayGoOn: async () => undefined,
    });
    expect(said).toEqual(["proving", "working"]);
    expect(await portal.stored()).toHaveLength(1);
  });

  it("a process that is late again and again is under pressure, however few come", async () => {
    await start({ limits: { maxDelayMs: 0 } });
    await eventually(async () => (await begin()).status === 429, "work is asked for");
    expect((await health()).warnings).toEqual(["under pressure: browsers are asked for a proof of work"]);
  });

  it("a process that takes too much memory reads no more bodies; while few come, it does", async () => {
    await start({ limits: { maxMemoryBytes: 0 } });
    await hold(63);
    expect((await submit()).status).toBe(200);
    await hold(1);
    const refused = await submit();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    held.pop()?.destroy();
    await eventually(async () => (await submit()).status === 200, "a letter is taken again");
  });

  it("a letter without JavaScript is asked for nothing", async () => {
    await start({ limits: { places: 4 } });
    await hold(2);
    expect((await submit()).status).toBe(200);
  });

  it("a task is set to no other site's page", async () => {
    await start();
    const foreign = await fetch(`${portal.url}/challenge`, { headers: { "Sec-Fetch-Site": "cross-site" } });
    expect(foreign.status).toBe(403);
  });
});

describe("where all places are taken", () => {
  it.each([
    ["ru", "Сейчас слишком много обращений"],
    ["uk", "Зараз забагато звернень"],
    ["en", "Too many people are writing right now"],
  ])("a letter comes back as it was, with what to do, in %s", async (language, title) => {
    await start({ limits: { places: 2 } });
    await hold(2);
    const answer = await submit(language);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
    const page = await answer.text();
    expect(page).toContain(title);
    expect(page).toContain(LETTER);
    expect(await portal.stored()).toEqual([]);
    expect(await portal.underWay()).toEqual([]);
  });

  it("an upload may be asked for again", async () => {
    await start({ limits: { places: 2 } });
    await hold(2);
    const answer = await begin();
    expect([answer.status, await answer.text(), answer.headers.get("retry-after")]).toEqual([503, "busy\n", "30"]);
  });

  it("twice as many are not even read, and what was begun goes on", async () => {
    await start({ limits: { places: 1 } });
    await hold(2);
    const answer = await submit();
    expect([answer.status, answer.headers.get("connection")]).toEqual([503, "close"]);
    for (const socket of held.splice(0)) socket.destroy();
    await eventually(async () => (await submit()).status === 200, "there is room again");
  });

  it("pages can still be read", async () => {
    await start({ limits: { places: 1 } });
    await hold(2);
    expect((await fetch(`${portal.url}/ru/`)).status).toBe(200);
  });
});

describe("one visitor", () => {
  const from = (address: string) => ({ "X-Forwarded-For": address });
  const behindProxy = { config: { clients: "forwarded" } } as const;

  it("who writes too often gets the letter back, and others are not kept waiting", async () => {
    await start({ ...behindProxy, limits: { perMinute: 2 } });
    expect((await submit("ru", from("203.0.113.1"))).status).toBe(200);
    expect((await submit("ru", from("203.0.113.2"))).status).toBe(200);
    const answer = await submit("ru", from("203.0.113.3"));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "30"]);
    expect(await answer.text()).toContain(LETTER);
    expect((await begin(from("203.0.113.4"))).status).toBe(429);
    expect((await submit("ru", from("198.51.100.1"))).status).toBe(200);
    expect(await portal.stored()).toHaveLength(3);
  });

  it("is named nowhere: not in the log, not on the disk", async () => {
    await start({ ...behindProxy, limits: { perMinute: 1 } });
    for (let time = 0; time < 3; time += 1) await submit("ru", from("203.0.113.77"));
    expect(portal.log.join("\n")).not.toContain("203.0.113");
  });

  it("who cannot be told from others is held to no share", async () => {
    await start({ limits: { perMinute: 1, share: 1 } });
    for (let time = 0; time < 3; time += 1) expect((await submit()).status).toBe(200);
  });
});

describe("where a quota is reached", () => {
  it("a letter comes back with what to do, and the operator is told which", async () => {
    await start({ config: { maxStore: 1_000_000 } });
    expect((await submit()).status).toBe(200);
    await portal.stop();
    await start({ config: { maxStore: 4_000 } });
    const answer = await submit();
    expect(answer.status).toBe(507);
    const page = await answer.text();
    expect(page).toContain("На сервере нет места");
    expect(page).toContain(LETTER);
    expect(await health()).toMatchObject({ status: "ok" });
  });

  it("of what is on its way, no upload begins, and one that has begun is finished", async () => {
    await start({ config: { maxIncoming: 200_000 } });
    const bytes = await submissionMessage(portal.recipient, 300_000);
    const location = (await begin()).headers.get("location") ?? "";
    const half = 250_000;
    const patch = (offset: number, body: Uint8Array, headers: Record<string, string> = {}) =>
      fetch(portal.url + location, {
        method: "PATCH",
        headers: {
          "Tus-Resumable": "1.0.0",
          "Content-Type": "application/offset+octet-stream",
          "Upload-Offset": String(offset),
          ...headers,
        },
        body: new Uint8Array(body),
      });
    expect((await patch(0, bytes.subarray(0, half))).status).toBe(204);
    await eventually(async () => (await health()).status === ("unavailable" as unknown), "the count is taken again");
    expect((await health()).reasons).toEqual(["what is on its way has reached POSTERN_MAX_INCOMING"]);
    const refused = await begin();
    expect([refused.status, await refused.text()]).toEqual([507, "no_space\n"]);
    const last = await patch(half, bytes.subarray(half), { "Upload-Length": String(bytes.length) });
    expect(last.status).toBe(204);
    expect(await portal.stored()).toHaveLength(1);
    await eventually(async () => (await begin()).status === 201, "there is room again");
  });

  it("what must stay free is not used up by what was announced when there was room for each", async () => {
    const MIB = 1024 * 1024;
    let disk = 1_000 * MIB;
    await start({
      config: { minFree: 100 * MIB },
      wrapStore: (store) => overriding(store, { free: async () => disk - (await store.uploads.used()) }),
    });
    const location = (await begin()).headers.get("location") ?? "";
    const message = await submissionMessage(portal.recipient, 60 * MIB);
    const socket = await beginPatch(portal.url + location, 60 * MIB);
    held.push(socket);
    socket.write(message.subarray(0, 1));
    await eventually(async () => (await portal.store.uploads.used()) > 0, "the upload has begun");
    // Others have written meanwhile: half of what must stay free is left, and ten MiB.
    disk = 60 * MIB;
    let answer = "";
    socket.setEncoding("latin1").on("data", (text) => {
      answer += text;
    });
    const gone = new Promise((resolve) => socket.once("close", resolve));
    for (let sent = 0; sent < 60 && !socket.destroyed; sent += 1) {
      if (!socket.write(message.subarray(sent * MIB + 1, (sent + 1) * MIB + 1))) {
        await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), gone]);
      }
    }
    socket.end();
    await gone;
    if (answer !== "") expect(answer).toMatch(/^HTTP\/1\.1 507 /);
    expect(await portal.store.uploads.used()).toBeLessThan(30 * MIB);
    // The client asks again, and is told so before it sends.
    const again = await fetch(portal.url + location, {
      method: "PATCH",
      headers: { ...PIECE, "Upload-Offset": String(await portal.store.uploads.used()) },
      body: new Uint8Array(20 * MIB),
    });
    expect([again.status, await again.text()]).toEqual([507, "no_space\n"]);
  });
});
