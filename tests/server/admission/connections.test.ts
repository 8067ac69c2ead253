import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connections } from "../../../src/server/admission/connections.js";
import { SharedPool, type Visitors } from "../../../src/server/admission/index.js";
import { closeNow } from "../../support/loopback.js";
import { eventually } from "../../support/portal.js";

const ANNA = "127.0.0.2";
const BORYS = "127.0.0.3";
const GRACE_MS = 2_000;
const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/** Tells connections apart by their own address. */
const visitors = {
  ofSocket: ({ remoteAddress = "" }: Socket) => remoteAddress,
  of: ({ socket }: { readonly socket: Socket }) => socket.remoteAddress ?? "",
} as unknown as Visitors;

let server: Server;
let connections: Connections;
let sockets: Socket[];
/** Answers that the server is asked for and has not given. */
let asked: ServerResponse[];
beforeEach(() => {
  sockets = [];
  asked = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const socket of sockets) socket.destroy();
  await closeNow(server);
  await eventually(async () => connections.open + connections.held === 0, "no connection counts any more");
});

async function start(max: number, share: number): Promise<void> {
  connections = new Connections(new SharedPool({ max, share, timesFree: max }), visitors);
  server = createServer(connections.serve((_request, response) => void asked.push(response)));
  connections.watch(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

/** Connects as `visitor`, sends `bytes`, and collects what comes. */
async function come(visitor: string, bytes: string): Promise<{ readonly socket: Socket; readonly read: () => string }> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", localAddress: visitor });
  sockets.push(socket);
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(bytes);
  return { socket, read: () => text };
}

const open = (count: number) => eventually(async () => connections.open === count, `${count} connections are open`);
const held = (count: number) => eventually(async () => connections.held === count, `${count} connections are held`);
const requests = (count: number) => eventually(async () => asked.length === count, `${count} requests have come`);

describe("a connection over its visitor's share", () => {
  it("is not read until another one closes, and is answered then", async () => {
    await start(10, 1);
    const first = await come(ANNA, "GET / HT");
    await open(1);
    const second = await come(ANNA, REQUEST);
    await held(1);
    expect(asked).toEqual([]);
    first.socket.destroy();
    await requests(1);
    asked[0]?.end("answer");
    await eventually(async () => second.read().endsWith("answer"), "the answer has come");
  });

  it("is answered in place of one that waits for a request, although none closes", async () => {
    await start(10, 1);
    const idle = await come(ANNA, "GET / HT");
    await open(1);
    await come(ANNA, REQUEST);
    await held(1);
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + GRACE_MS + 1_000);
    await requests(1);
    await eventually(async () => idle.socket.closed, "the one that waited is closed");
  });

  it("keeps nobody else waiting", async () => {
    await start(10, 1);
    await come(ANNA, "GET / HT");
    await open(1);
    await come(ANNA, REQUEST);
    await held(1);
    await come(BORYS, REQUEST);
    await requests(1);
    expect(connections.held).toBe(1);
  });

  it("takes the place of the one that has waited longest for a request, after a while", async () => {
    await start(10, 2);
    const oldest = await come(ANNA, "GET / HT");
    await open(1);
    const other = await come(ANNA, "GET / HT");
    await open(2);
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + GRACE_MS + 1_000);
    const closed = once(oldest.socket, "close");
    await come(ANNA, REQUEST);
    await closed;
    await requests(1);
    expect(other.socket.destroyed).toBe(false);
  });

  it("never takes the place of one that is being answered", async () => {
    await start(10, 1);
    const first = await come(ANNA, REQUEST);
    await requests(1);
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + GRACE_MS + 1_000);
    await come(ANNA, REQUEST);
    await held(1);
    expect(first.socket.destroyed).toBe(false);
    expect(asked).toHaveLength(1);
  });
});

describe("where all connections are taken", () => {
  it("somebody new gets the place of whoever has waited longest for a request", async () => {
    await start(2, 2);
    const idle = await come(ANNA, "");
    await open(1);
    await come(ANNA, REQUEST);
    await requests(1);
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + GRACE_MS + 1_000);
    const closed = once(idle.socket, "close");
    await come(BORYS, REQUEST);
    await closed;
    await requests(2);
  });
});

describe("a request sent ahead of the answer to the one before", () => {
  it.each([
    ["in the same piece", REQUEST + REQUEST],
    ["thousands of them", REQUEST.repeat(5_000)],
  ])("cuts the connection off: %s", async (_name, bytes) => {
    await start(10, 10);
    const { socket } = await come(ANNA, bytes);
    await eventually(async () => socket.closed, "the connection is closed");
    expect(asked.length).toBeLessThanOrEqual(1);
  });

  it("ends the parser's work, so that thousands cost no more than two", async () => {
    await start(10, 10);
    let heads = 0;
    server.on("request", () => {
      heads += 1;
    });
    const { socket } = await come(ANNA, REQUEST.repeat(2_000));
    await eventually(async () => socket.closed, "the connection is closed");
    expect(heads).toBe(1);
  });

  it("after the answer is the next request", async () => {
    await start(10, 10);
    const { socket, read } = await come(ANNA, REQUEST);
    await requests(1);
    asked[0]?.end("first");
    await eventually(async () => read().includes("first"), "the first answer has come");
    socket.write(REQUEST);
    await requests(2);
    asked[1]?.end("second");
    await eventually(async () => read().includes("second"), "the second answer has come");
  });
});
