import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { beginMessage, MessageInspector, type MessageKey, type Recipient } from "../openpgp/index.js";
import { byteStream, Pieces, ThreadPool } from "../streams/index.js";
import { type BlockCipherSettings, blockCipher, TAG } from "./block-cipher.js";
import { PartialBody } from "./partial-body.js";
import { protectionV1, protectionV2 } from "./protection.js";

const LITERAL = 0xcb;
const SEIPD = 0xd2;
/** Binary, without a name, and the date 0 (RFC 9580 section 5.9). */
const LITERAL_HEADER = Uint8Array.of(0x62, 0, 0, 0, 0, 0);
/** As in core's own `encryptMessage`: equal blocks, so that portions tell no more than the whole size does. */
const BLOCK = 256 * 1024;
/** Bytes of the largest block with all that is put around it. */
const CAPACITY = BLOCK + 64 + TAG;
/** From here on a thread of its own is worth its start. */
const LARGE = 4 * 1024 * 1024;
let pool: ThreadPool | null = null;

/** Their program is the built one also for this project's tests, which are run from its sources. */
function threads(): ThreadPool {
  pool ??= new ThreadPool(pathToFileURL(createRequire(import.meta.url).resolve("#cipher-thread")), CAPACITY);
  return pool;
}

/**
 * The same as core's `encryptMessage`, byte for byte but for what is random: openpgp.js makes the session key and its
 * packets, and node:crypto, not openpgp.js, makes the one packet that holds the contents.
 *
 * @param content of which each chunk need stay as it is only until the next is asked for
 * @param date the moment at which the certificates must be valid
 * @param size bytes of `content`, if they are known: many are encrypted in a thread of their own
 * @throws EncryptError
 */
export async function encryptMessage(
  content: ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
  size = 0,
): Promise<ReadableStream<Uint8Array>> {
  const { key, packets } = await beginMessage(recipients, date);
  return byteStream(message(content, key, packets, size >= LARGE), new MessageInspector());
}

/** The portions of a message, which stay as they are only until the next is asked for. */
async function* message(
  content: ReadableStream<Uint8Array>,
  key: MessageKey,
  packets: Uint8Array,
  large: boolean,
): AsyncGenerator<Uint8Array[], void, undefined> {
  const { head, cipher, blocks } = key.aead === null ? protectionV1(key) : protectionV2(key, key.aead);
  const body = new PartialBody();
  const plaintext = blocks(literal(content));
  yield [packets, Uint8Array.of(SEIPD)];
  for (const bytes of head) body.push([bytes]);
  for await (const block of large ? threads().run(cipher, plaintext) : here(cipher, plaintext))
    yield body.push([block]);
  yield body.finish();
}

async function* here(
  cipher: BlockCipherSettings,
  blocks: AsyncIterable<readonly Uint8Array[]>,
): AsyncGenerator<Uint8Array> {
  const encrypt = blockCipher(cipher);
  const tag = new Uint8Array(TAG);
  for await (const pieces of blocks) {
    const block = Buffer.concat([...pieces, tag]);
    yield block.subarray(0, encrypt(block, block.length - TAG));
  }
}

/** One literal data packet; each array belongs together, and is good until the next is asked for. */
async function* literal(content: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  const body = new PartialBody();
  const waiting = new Pieces();
  yield [Uint8Array.of(LITERAL)];
  body.push([LITERAL_HEADER]);
  for await (const chunk of content) {
    waiting.add([chunk]);
    while (waiting.length >= BLOCK) yield body.push(waiting.take(BLOCK));
    waiting.keep();
  }
  if (waiting.length > 0) yield body.push(waiting.take(BLOCK));
  yield body.finish();
}
