import { randomBytes } from "node:crypto";
import { type MessageLimits, type MimeMessage, type MimePart, readMessage } from "../mime/index.js";

/** Of a message without its long bodies. While it is parsed, the server does nothing else. */
const LIMITS: MessageLimits = { bytes: 4 * 1024 * 1024, lines: 50_000 };
/** A shorter body is left to the parser. */
const MIN_BODY_BYTES = 64 * 1024;
/** In base64 one line of 64 characters. */
const MARKER_BYTES = 48;
const LF = 0x0a;
const CR = 0x0d;
const MAX_LINE_BYTES = 1_000;
/** A body may begin after each. */
const MAX_EMPTY_LINES = 10_000;
/** Checked and decoded at once: a string of a whole body would double the memory that it takes. */
const LINES_AT_ONCE = 8 * 1024;
const BASE64 = /^[A-Za-z0-9+/\r\n]+$/;
const END_OF_BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}\r\n$/;

interface LongBody {
  readonly start: number;
  readonly end: number;
  /** Bytes of a line, its end included. */
  readonly stride: number;
  /** Stands in the body's place, decoded and as it is. */
  readonly marker: Buffer;
}

/**
 * {@link readMessage}, for a message with long bodies in base64. The parser sees a marker in the place of each, because
 * it decodes line by line, at a tenth of the speed of Buffer. Where a marker does not come out of the parser as a part,
 * the parser reads the message itself.
 */
export async function readLongMessage(message: Uint8Array<ArrayBuffer>): Promise<MimeMessage | null> {
  const whole = Buffer.from(message.buffer, message.byteOffset, message.length);
  const bodies = longBodies(whole);
  if (bodies.length === 0) return readMessage(message, LIMITS);
  const read = await readMessage(withMarkers(whole, bodies), LIMITS);
  if (read === null) return readMessage(message, LIMITS);
  const parts: MimePart[] = [];
  let replaced = 0;
  for (const part of read.parts) {
    const body = bodies.find(({ marker }) => marker.equals(part.bytes));
    if (body !== undefined) replaced += 1;
    parts.push(body === undefined ? part : { ...part, bytes: decoded(whole, body) });
  }
  return replaced === bodies.length ? { ...read, parts } : readMessage(message, LIMITS);
}

/** Runs of base64 lines of one length, after an empty line. No boundary can be among them. */
function longBodies(message: Buffer): LongBody[] {
  const found: LongBody[] = [];
  let emptyLines = 0;
  for (let at = message.indexOf("\n\r\n"); at !== -1; at = message.indexOf("\n\r\n", at)) {
    emptyLines += 1;
    if (emptyLines > MAX_EMPTY_LINES) break;
    const start = at + 3;
    const stride = message.indexOf(LF, start) + 1 - start;
    const end = endOfRun(message, start, stride);
    at = Math.max(start - 1, end - 1);
    const body = { start, end, stride, marker: randomBytes(MARKER_BYTES) };
    if (end - start >= MIN_BODY_BYTES && isBase64(message, body)) found.push(body);
  }
  return found;
}

/** Where the lines end that are as long as the first, with a shorter last one. */
function endOfRun(message: Buffer, start: number, stride: number): number {
  // Lines of whole groups of four characters can be decoded apart.
  if (stride < 6 || stride > MAX_LINE_BYTES || (stride - 2) % 4 !== 0) return start;
  let end = start;
  // Each line ends there and nowhere else, so that every portion is whole groups.
  while (message.indexOf(CR, end) === end + stride - 2 && message.indexOf(LF, end) === end + stride - 1) end += stride;
  const last = message.indexOf(LF, end);
  const tail = message.toString("latin1", end, last === -1 ? end : Math.min(last, end + stride));
  return /^[A-Za-z0-9+/]+={0,2}\r$/.test(tail) ? last + 1 : end;
}

function isBase64(message: Buffer, body: LongBody): boolean {
  for (const [from, to] of portions(body)) {
    if (!(to === body.end ? END_OF_BASE64 : BASE64).test(message.toString("latin1", from, to))) return false;
  }
  return true;
}

function decoded(message: Buffer, body: LongBody): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(new ArrayBuffer(body.end - body.start));
  let filled = 0;
  for (const [from, to] of portions(body)) {
    filled += bytes.write(message.toString("latin1", from, to), filled, "base64");
  }
  return new Uint8Array(bytes.buffer, 0, filled);
}

function* portions({ start, end, stride }: LongBody): Generator<[from: number, to: number]> {
  for (let at = start; at < end; at += LINES_AT_ONCE * stride) yield [at, Math.min(end, at + LINES_AT_ONCE * stride)];
}

function withMarkers(message: Buffer, bodies: readonly LongBody[]): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, marker } of bodies) {
    pieces.push(message.subarray(at, start), Buffer.from(`${marker.toString("base64")}\r\n`));
    at = end;
  }
  return new Uint8Array(Buffer.concat([...pieces, message.subarray(at)]));
}
