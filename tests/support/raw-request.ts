import { once } from "node:events";
import { connect, type Socket } from "node:net";

export const BOUNDARY = "----postern-test-boundary";

/** One part of a multipart body, headers as given. */
export function part(disposition: string, body: string | Uint8Array, type?: string): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n${
    type === undefined ? "" : `Content-Type: ${type}\r\n`
  }\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from("\r\n")]);
}

export function multipart(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** The head of a request, with what it needs to reach the server at `url`. */
export function requestHead(method: string, url: string, headers: Readonly<Record<string, string>>): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Opens a connection and sends the head of a POST; the body is the caller's. */
export async function beginPost(url: string, headers: Readonly<Record<string, string>>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, "connect");
  socket.write(requestHead("POST", url, { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`, ...headers }));
  return socket;
}

/** Sends a whole body and returns status and text of the answer, which must come over the same connection. */
export async function post(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  const length = "Transfer-Encoding" in headers ? {} : { "Content-Length": String(body.length) };
  const socket = await beginPost(url, { ...length, Connection: "close", ...headers });
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  const ended = once(socket, "close");
  socket.write(body);
  await ended;
  const answer = Buffer.concat(received).toString("utf8");
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]), text: answer };
}

/** Sends `bytes` as they are. Returns what came back before the connection closed or `patience` milliseconds passed. */
export async function exchange(url: string, bytes: string | Uint8Array, patience = 5_000): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.on("error", () => undefined);
  // Not once(): a connection that is reset is closed as well, and what came before counts.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  const timer = setTimeout(() => socket.destroy(), patience);
  await closed;
  clearTimeout(timer);
  return answer;
}

/** The statuses of the answers in what came back over one connection. */
export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)]
    .map(([, status]) => Number(status))
    .filter((status) => status >= 200);
}
