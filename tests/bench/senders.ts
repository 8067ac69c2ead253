import { once } from "node:events";
import { createReadStream } from "node:fs";
import { type Agent, type IncomingMessage, type RequestOptions, request } from "node:http";
import { Readable } from "node:stream";
import { BOUNDARY, part } from "../support/raw-request.js";
import { Direction } from "../support/slow-line.js";

const MIB = 1024 * 1024;
const TUS = { "Tus-Resumable": "1.0.0" };
/** As large as the client's own pieces become on a fast line. */
const PIECE = 8 * MIB;
/** Of every document: a fresh one for each letter would cost the clients more than the letter. */
const BLOCK = Buffer.alloc(MIB, 0x5a);

type Headers = Readonly<Record<string, string>>;

/** Seconds from the first byte sent to the whole answer, for one document of `mebibytes` in `field`, or a letter. */
export async function sendForm(url: URL, mebibytes: number, field = "documents", letter = ""): Promise<number> {
  return (await timedForm(url, mebibytes, field, letter)).seconds;
}

/** The same for a letter of so many bytes, without documents. */
export function sendLetterForm(url: URL, bytes: number): Promise<number> {
  return sendForm(url, 0, "documents", "x".repeat(bytes));
}

/** As {@link sendForm}, and from the last byte handed to the system too. */
export async function timedForm(
  url: URL,
  mebibytes: number,
  field = "documents",
  letter = "",
): Promise<{ readonly seconds: number; readonly afterLastByte: number }> {
  // Everything of a part but its contents: its end is written after them.
  const head = Buffer.concat([
    ...(letter === "" ? [] : [part('name="message"', letter)]),
    part(`name="${field}"; filename="a.bin"`, "", "application/octet-stream").subarray(0, -2),
  ]);
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const begun = performance.now();
  const post = request(url, {
    method: "POST",
    headers: {
      "Content-Type": `multipart/form-data; boundary=${BOUNDARY}`,
      "Content-Length": head.length + mebibytes * MIB + tail.length,
    },
  });
  const answered = once(post, "response");
  post.write(head);
  for (let sent = 0; sent < mebibytes; sent += 1) {
    if (!post.write(BLOCK)) await once(post, "drain");
  }
  const last = performance.now();
  post.end(tail);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  // OnionShare leads to its next page.
  if (response.statusCode !== 200 && response.statusCode !== 302)
    throw new Error(`${url.pathname} answered ${response.statusCode}`);
  const end = performance.now();
  return { seconds: (end - begun) / 1000, afterLastByte: (end - last) / 1000 };
}

async function* over(line: Direction, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield* line.slices(chunk);
}

/** Sends a file in one PUT. Seconds. */
export async function sendPut(url: URL, file: string, bytes: number): Promise<number> {
  const begun = performance.now();
  const put = request(url, { method: "PUT", headers: { "Content-Length": bytes } });
  const answered = once(put, "response");
  createReadStream(file, { highWaterMark: MIB }).pipe(put);
  const [response] = (await answered) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  if (response.statusCode !== 204) throw new Error(`${url.pathname} answered ${response.statusCode}`);
  return (performance.now() - begun) / 1000;
}

/**
 * Sends a file as the client does, in pieces by tus. Seconds until the last is acknowledged.
 * @param bytesPerSecond of the sender's line; without it, as fast as the other side takes them
 */
export async function sendPieces(url: URL, file: string, bytes: number, bytesPerSecond?: number): Promise<number> {
  const line = bytesPerSecond === undefined ? null : new Direction(bytesPerSecond);
  const begun = performance.now();
  const { location } = await ask(url, "POST", { ...TUS, "Upload-Length": String(bytes) });
  for (let offset = 0; offset < bytes; offset += PIECE) {
    const end = Math.min(offset + PIECE, bytes);
    const headers = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    const piece = createReadStream(file, { start: offset, end: end - 1, highWaterMark: MIB });
    const body = line === null ? piece : Readable.from(over(line, piece));
    await ask(new URL(location, url), "PATCH", { ...headers, "Content-Length": String(end - offset) }, body);
  }
  return (performance.now() - begun) / 1000;
}

/** Sends one whole message by tus in one piece. */
export async function sendMessage(url: URL, message: Uint8Array, agent: Agent): Promise<void> {
  await sendPiece(await beginUpload(url, message.length, agent), message, agent);
}

/** Where the upload is. */
export async function beginUpload(url: URL, bytes: number, agent: Agent, own: Headers = {}): Promise<URL> {
  const length = { "Upload-Length": String(bytes), "Content-Length": "0" };
  const { location } = await ask(url, "POST", { ...TUS, ...own, ...length }, undefined, { agent });
  return new URL(location, url);
}

/** The only piece of an upload. */
export async function sendPiece(url: URL, message: Uint8Array, agent: Agent, own: Headers = {}): Promise<void> {
  const headers = { ...TUS, ...own, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
  await ask(url, "PATCH", { ...headers, "Content-Length": String(message.length) }, message, { agent });
}

function ask(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array | NodeJS.ReadableStream,
  options: RequestOptions = {},
): Promise<{ readonly location: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers }, (response) => {
      response.resume();
      response.on("end", () => {
        const { statusCode = 0, headers } = response;
        if (statusCode < 300) resolve({ location: headers.location ?? "" });
        else reject(new Error(`${method} ${url.pathname} answered ${statusCode}`));
      });
    });
    sent.on("error", reject);
    if (body instanceof Uint8Array || body === undefined) sent.end(body);
    else body.pipe(sent);
  });
}
