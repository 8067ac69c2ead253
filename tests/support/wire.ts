import { connect } from "node:net";

export interface Wire {
  readonly status: number;
  /** Of the head, as it went over the wire, and of all. */
  readonly headBytes: number;
  readonly bytes: number;
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** An answer that goes on for ever counts until it has been silent for so long; to begin it may take longer. */
const SILENCE_MS = 2_000;
const BEGIN_MS = 60_000;

/**
 * Asks as a browser does that knows gzip only, which is longer than brotli, and counts every byte of the answer.
 * @throws Error where there is none
 */
export async function onTheWire(url: string, { method, path, headers = {}, body }: WireRequest): Promise<Wire> {
  const { hostname, port, host } = new URL(url);
  const lines = Object.entries({
    Host: host,
    "Accept-Encoding": "gzip, deflate",
    ...(body === undefined ? {} : { "Content-Length": String(body.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  if (body !== undefined) socket.write(body);
  socket.setTimeout(BEGIN_MS, () => socket.destroy());
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => {
    socket.setTimeout(SILENCE_MS);
    chunks.push(chunk);
  });
  await new Promise<void>((resolve) => socket.on("error", () => undefined).once("close", () => resolve()));
  const answer = Buffer.concat(chunks);
  const headBytes = answer.indexOf("\r\n\r\n") + 4;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.subarray(0, 20).toString("latin1"))?.[1]);
  if (headBytes < 4 || Number.isNaN(status)) throw new Error(`no answer to ${method} ${path}`);
  return { status, headBytes, bytes: answer.length };
}
