import { ReadableStream } from "node:stream/web";
import { beginMessage, type MessageKey, messageGuard, type Recipient } from "../core/index.js";
import { PartialBody } from "./partial-body.js";
import { Pieces } from "./pieces.js";
import { protectionV1, protectionV2 } from "./protection.js";

const LITERAL = 0xcb;
const SEIPD = 0xd2;
/** Binary, without a name, and the date 0 (RFC 9580 section 5.9). */
const LITERAL_HEADER = Uint8Array.of(0x62, 0, 0, 0, 0, 0);
/** As in core's own `encryptMessage`: equal blocks, so that portions tell no more than the whole size does. */
const BLOCK = 256 * 1024;

/**
 * The same as core's `encryptMessage`, octet for octet but for what is random: openpgp.js makes the session key and its
 * packets, and node:crypto, not openpgp.js, makes the one packet that holds the contents.
 *
 * @param date the moment at which the certificates must be valid
 * @throws EncryptError
 */
export async function encryptMessage(
  content: globalThis.ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
): Promise<globalThis.ReadableStream<Uint8Array>> {
  const { key, packets } = await beginMessage(recipients, date);
  const chunks = message(content, key, packets);
  const encrypted = ReadableStream.from(chunks) as ReadableStream as globalThis.ReadableStream<Uint8Array>;
  return encrypted.pipeThrough(messageGuard());
}

async function* message(
  content: globalThis.ReadableStream<Uint8Array>,
  key: MessageKey,
  packets: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const protection = key.aead === null ? protectionV1(key) : protectionV2(key, key.aead);
  const body = new PartialBody();
  yield Buffer.concat([packets, Uint8Array.of(SEIPD)]);
  yield* portions(body, protection.begin());
  for await (const plaintext of literal(content)) yield* portions(body, protection.push(plaintext));
  yield* portions(body, protection.finish());
  yield Buffer.concat(body.finish());
}

function* portions(body: PartialBody, encrypted: readonly Uint8Array[][]): Generator<Uint8Array> {
  for (const pieces of encrypted) {
    const portion = body.push(pieces);
    if (portion.length > 0) yield Buffer.concat(portion);
  }
}

/** One literal data packet; each array belongs together. */
async function* literal(content: globalThis.ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  const body = new PartialBody();
  const waiting = new Pieces();
  yield [Uint8Array.of(LITERAL)];
  body.push([LITERAL_HEADER]);
  for await (const chunk of content) {
    waiting.add([chunk]);
    while (waiting.length >= BLOCK) yield body.push(waiting.take(BLOCK));
  }
  if (waiting.length > 0) yield body.push(waiting.take(BLOCK));
  yield body.finish();
}
