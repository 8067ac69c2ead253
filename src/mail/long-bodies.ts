import { randomBytes } from "node:crypto";
import { type MimeMessage, type MimePart, readMessage } from "../mime/index.js";

/** A shorter body is left to the parser. */
const MIN_BODY_BYTES = 64 * 1024;
/** In base64 one line of 64 characters. */
const MARKER_BYTES = 48;
const LF = 0x0a;
const CR = 0x0d;
const MAX_LINE_BYTES = 1_000;
const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/;

interface LongBody {
  readonly start: number;
  readonly end: number;
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
  if (bodies.length === 0) return readMessage(message);
  const read = await readMessage(withMarkers(whole, bodies));
  if (read === null) return readMessage(message);
  const parts: MimePart[] = [];
  let replaced = 0;
  for (const part of read.parts) {
    const body = bodies.find(({ marker }) => marker.equals(part.bytes));
    if (body !== undefined) replaced += 1;
    const encoded = body && whole.toString("latin1", body.start, body.end);
    parts.push(encoded === undefined ? part : { ...part, bytes: new Uint8Array(Buffer.from(encoded, "base64")) });
  }
  return replaced === bodies.length ? { ...read, parts } : readMessage(message);
}

/** Runs of base64 lines of one length, after an empty line. No boundary can be among them. */
function longBodies(message: Buffer): LongBody[] {
  const found: LongBody[] = [];
  for (let at = message.indexOf("\n\r\n"); at !== -1; at = message.indexOf("\n\r\n", at)) {
    const start = at + 3;
    const end = endOfRun(message, start);
    at = Math.max(start - 1, end - 1);
    if (end - start < MIN_BODY_BYTES || !BASE64.test(message.toString("latin1", start, end))) continue;
    found.push({ start, end, marker: randomBytes(MARKER_BYTES) });
  }
  return found;
}

/** Where the lines end that are as long as the first, with a shorter last one. */
function endOfRun(message: Buffer, start: number): number {
  const first = message.indexOf(LF, start);
  const stride = first + 1 - start;
  if (first === -1 || stride < 3 || stride > MAX_LINE_BYTES || message[first - 1] !== CR) return start;
  let end = start;
  while (message[end + stride - 1] === LF && message[end + stride - 2] === CR) end += stride;
  const last = message.indexOf(LF, end);
  const tail = message.toString("latin1", end, last === -1 ? end : Math.min(last, end + stride));
  return /^[A-Za-z0-9+/]+={0,2}\r$/.test(tail) ? last + 1 : end;
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
