import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { beginMessage, MessageInspector, type MessageKey, type Recipient } from "../openpgp/index.js";
import { ByteQueue, byteStream, ThreadPool } from "../streams/index.js";
import { type BlockCipherSettings, blockCipher, TAG_BYTES } from "./block-cipher.js";
import { PartialBody } from "./partial-body.js";
import { protectionV1, protectionV2 } from "./protection.js";

const LITERAL = 0xcb;
const SEIPD = 0xd2;
/** Binary, without a name, and the date 0 (RFC 9580 section 5.9). */
const LITERAL_HEADER = Uint8Array.of(0x62, 0, 0, 0, 0, 0);
/** The same as in openpgp's `encryptMessage`: equal blocks, so that the portions reveal no more than the total size. */
const BLOCK_BYTES = 256 * 1024;
/** The largest block with everything that is added to it. */
const SLOT_BYTES = BLOCK_BYTES + 64 + TAG_BYTES;
/** From this size on, a thread is worth its start. */
const THREAD_MIN_BYTES = 4 * 1024 * 1024;
let pool: ThreadPool | null = null;

/** Tests run from source too, but a thread's program is always the built one. */
function threads(): ThreadPool {
  pool ??= new ThreadPool(pathToFileURL(createRequire(import.meta.url).resolve("#cipher-thread")), SLOT_BYTES);
  return pool;
}

/**
 * The same message as openpgp's `encryptMessage` writes, byte for byte except what is random. openpgp.js makes the
 * session key and its packets; node:crypto makes the encrypted-data packet.
 *
 * @param content may reuse a chunk's buffer once it is asked for the next chunk
 * @param date the moment at which the certificates must be valid
 * @param size bytes of `content` if known: large contents are encrypted in a thread
 * @throws EncryptError
 */
export async function encryptMessage(
  content: ReadableStream<Uint8Array>,
  recipients: readonly Recipient[],
  date: Date,
  size = 0,
): Promise<ReadableStream<Uint8Array>> {
  const { key, packets } = await beginMessage(recipients, date);
  return byteStream(message(content, key, packets, size >= THREAD_MIN_BYTES), new MessageInspector());
}

/** The portions of a message, each valid until the next one is asked for. */
async function* message(
  content: ReadableStream<Uint8Array>,
  key: MessageKey,
  packets: Uint8Array,
  inThread: boolean,
): AsyncGenerator<Uint8Array[], void, undefined> {
  const { head, cipher, blocks } = key.aead === null ? protectionV1(key) : protectionV2(key, key.aead);
  const body = new PartialBody();
  const plaintext = blocks(literal(content));
  yield [packets, Uint8Array.of(SEIPD)];
  for (const bytes of head) body.push([bytes]);
  for await (const block of inThread ? threads().run(cipher, plaintext) : encryptHere(cipher, plaintext))
    yield body.push([block]);
  yield body.finish();
}

async function* encryptHere(
  cipher: BlockCipherSettings,
  blocks: AsyncIterable<readonly Uint8Array[]>,
): AsyncGenerator<Uint8Array> {
  const encrypt = blockCipher(cipher);
  const tag = new Uint8Array(TAG_BYTES);
  for await (const chunks of blocks) {
    const block = Buffer.concat([...chunks, tag]);
    yield block.subarray(0, encrypt(block, block.length - TAG_BYTES));
  }
}

/** One literal data packet. Each yielded array is one write of openpgp.js, valid until the next one is asked for. */
async function* literal(content: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  const body = new PartialBody();
  const queue = new ByteQueue();
  yield [Uint8Array.of(LITERAL)];
  body.push([LITERAL_HEADER]);
  for await (const chunk of content) {
    queue.push([chunk]);
    while (queue.length >= BLOCK_BYTES) yield body.push(queue.take(BLOCK_BYTES));
    queue.detach();
  }
  if (queue.length > 0) yield body.push(queue.take(BLOCK_BYTES));
  yield body.finish();
}
