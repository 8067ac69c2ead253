import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { submissionMessage } from "../../support/message.js";
import { eventually, startTestPortal, type TestPortal } from "../../support/portal.js";
import { BOUNDARY, multipart, part } from "../../support/raw-request.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const FORM = { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` };
const NOBODY = "a".repeat(32);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

let portal: TestPortal;
const kept: Socket[] = [];
beforeEach(async () => {
  portal = await startTestPortal({ limits: { socketTimeoutMs: 400, perMinute: 10_000 } });
});
afterEach(async () => {
  for (const socket of kept.splice(0)) socket.destroy();
  await portal.stop();
});

/** Every route there is, with what it takes. */
async function routes(): Promise<Asked[]> {
  const frames = await (await fetch(`${portal.url}/ru/plain`)).text();
  const [, token = ""] = /\/progress\/([0-9a-f]{32})/.exec(frames) ?? [];
  const front = await (await fetch(`${portal.url}/ru/`)).text();
  const assets = [...front.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g)].map(([, path = ""]) => path);
  const message = await submissionMessage(portal.recipient, 30_000);
  const upload = await fetch(`${portal.url}/uploads`, {
    method: "POST",
    headers: { ...TUS, "Upload-Defer-Length": "1" },
  });
  const url = upload.headers.get("location") ?? "";
  const letter = multipart(
    part('name="message"', "a letter"),
    part('name="documents"; filename="a"', Buffer.alloc(20_000)),
  );
  const piece = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
  const get = (path: string): Asked => ({ method: "GET", path });
  return [
    ...["/", "/ru/", "/ru/form/alone", `/ru/form/${token}`, "/ru/plain", "/ru/replies", "/ru/replies/plain"].map(get),
    ...["/ru/encrypted", "/ru/safety", "/ru/leave", "/ru/submit", "/offline/ru.html", "/keys.asc", "/keys.json"].map(
      get,
    ),
    ...[`/progress/${token}`, `/progress/${token}/soon`, "/healthz", "/challenge", "/not/there", "/%ff"].map(get),
    ...[`/mailbox/${NOBODY}`, `/mailbox/${NOBODY}/${NOBODY}`, ...assets].map(get),
    { method: "DELETE", path: `/mailbox/${NOBODY}/${NOBODY}` },
    { method: "POST", path: `/ru/submit?progress=${token}`, headers: FORM, body: letter },
    { method: "POST", path: "/ru/submit", headers: FORM, body: letter.subarray(0, -10) },
    {
      method: "POST",
      path: "/ru/encrypted",
      headers: FORM,
      body: multipart(part('name="file"; filename="a"', message)),
    },
    {
      method: "POST",
      path: "/ru/replies",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: Buffer.from("receipt-code=1"),
    },
    { method: "OPTIONS", path: "/uploads" },
    { method: "POST", path: "/uploads", headers: { ...TUS, "Upload-Length": "5" } },
    { method: "PATCH", path: url, headers: piece, body: message },
    { method: "HEAD", path: url, headers: TUS },
  ];
}

function headOf({ method, path, headers = {}, body }: Asked, more: Readonly<Record<string, string>> = {}): string {
  const length = body === undefined ? {} : { "Content-Length": String(body.length) };
  const lines = Object.entries({ Host: "localhost", ...length, ...headers, ...more });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(portal.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Unlike once(), whether it was reset or not. */
const event = (socket: Socket, name: string) => new Promise<void>((resolve) => void socket.once(name, () => resolve()));
const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : event(socket, "close"));
const half = (body: Buffer | undefined) => body?.subarray(0, body.length >> 1) ?? Buffer.alloc(0);
const anything = (socket: Socket) => Promise.race([event(socket, "data"), closed(socket)]);

/** Each way in which a request can end. */
const ENDINGS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  "is answered": async (asked) => {
    const socket = await open();
    socket.resume().write(headOf(asked, { Connection: "close" }));
    if (asked.body !== undefined) socket.write(asked.body);
    // A page that goes on for ever is left by its reader.
    if (asked.path.startsWith("/progress/")) await anything(socket).then(() => socket.destroy());
    await closed(socket);
  },
  "is answered, and the connection kept": async (asked) => {
    const socket = await open();
    socket.write(headOf(asked));
    if (asked.body !== undefined) socket.write(asked.body);
    await anything(socket);
    if (asked.path.startsWith("/progress/")) socket.destroy();
    // It stays open while the counts are looked at.
    kept.push(socket.resume());
  },
  "is aborted after its head": async (asked) => {
    const socket = await open();
    await new Promise((resolve) => socket.write(headOf(asked), resolve));
    socket.destroy();
    await closed(socket);
  },
  "is aborted in the middle of its body": async (asked) => {
    const socket = await open();
    socket.write(headOf(asked));
    await new Promise((resolve) => socket.write(half(asked.body), resolve));
    socket.resetAndDestroy();
    await closed(socket);
  },
  "stops in the middle of its body until it times out": async (asked) => {
    const socket = await open();
    socket.resume().write(headOf(asked, { Connection: "close" }));
    socket.write(half(asked.body));
    await (asked.path.startsWith("/progress/") ? anything(socket).then(() => socket.destroy()) : closed(socket));
  },
  "is followed by others before its answer": async (asked) => {
    const socket = await open();
    socket
      .resume()
      .write(
        Buffer.concat(
          Array.from({ length: 50 }, () => Buffer.concat([Buffer.from(headOf(asked)), asked.body ?? Buffer.alloc(0)])),
        ),
      );
    await closed(socket);
  },
  "asks for another protocol": async (asked) => {
    const socket = await open();
    socket.write(headOf(asked, { Connection: "Upgrade", Upgrade: "websocket" }));
    socket.write(asked.body ?? Buffer.alloc(0));
    await anything(socket);
    socket.destroy();
    await closed(socket);
  },
  "is answered to nobody who reads": async (asked) => {
    const socket = await open();
    socket.pause().write(headOf(asked));
    await new Promise((resolve) => socket.write(asked.body ?? Buffer.alloc(0), resolve));
    socket.destroy();
    await closed(socket);
  },
  "meets a server that closes its connections": async (asked) => {
    const socket = await open();
    socket.resume().write(headOf(asked));
    await new Promise((resolve) => socket.write(half(asked.body), resolve));
    await Promise.race([new Promise((resolve) => portal.server.once("request", resolve)), anything(socket)]);
    portal.server.closeAllConnections();
    await closed(socket);
  },
};

describe("nothing is held any more after a request that", () => {
  it.each(Object.keys(ENDINGS))("%s, on any route", async (name) => {
    for (const asked of await routes()) {
      await ENDINGS[name]?.(asked);
      const left = () => Object.entries(portal.census()).filter(([, count]) => count !== 0);
      const what = `nothing is left of ${asked.method} ${asked.path}`;
      await eventually(async () => left().length === 0, what).catch(() => expect([what, left()]).toEqual([what, []]));
    }
    const begins = { method: "POST", headers: { ...TUS, "Upload-Length": "5" } };
    // A connection that is kept may have been closed in this moment.
    await eventually(
      () =>
        fetch(`${portal.url}/uploads`, begins).then(
          ({ status }) => status === 201,
          () => false,
        ),
      "it works",
    );
  });
});
