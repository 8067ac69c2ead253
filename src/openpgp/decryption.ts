import { config, decrypt, decryptSessionKeys, type PrivateKey, readMessage, type SessionKey } from "openpgp";
import { DecryptError, damaged, tooCompressed, withOurErrors } from "./decrypt-error.js";
import { readSessionKeyPart } from "./packets/index.js";
import { peek } from "./peek.js";
import { StallWatchdog } from "./stall-watchdog.js";

/** Any one of these may match. */
export type DecryptionKeys = { readonly decryptionKeys: PrivateKey[] } | { readonly passwords: string[] };

/** A message of up to this size is decrypted in memory, where openpgp.js cannot stall. */
export const MAX_SHORT_BYTES = 4 * 1024 * 1024;
/** Each session key packet is tried with each key. */
const MAX_SESSION_KEYS = 64;
const MAX_MARKERS = 8;
const SEIPD = 18;
/** Version 2: version, cipher, AEAD, chunk size, 32 bytes of salt. */
const V2_HEADER_BYTES = 36;
/** Compressed and literal data. */
const NOT_ENCRYPTED = new Set([8, 11]);

/**
 * Decrypts a message with whichever of `keys` matches. The stream carries bytes **before** their integrity is known:
 * its reader must discard all of them unless the stream ends without an error.
 *
 * @param maxBytes limit on compressed contents once decompressed
 * @throws DecryptError at once; `damaged` and `too_compressed` also through the stream
 */
export async function decryptMessage(
  encrypted: ReadableStream<Uint8Array>,
  keys: readonly PrivateKey[],
  maxBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  return decryptWith(encrypted, { decryptionKeys: [...keys] }, maxBytes);
}

/** {@link decryptMessage}, with passwords as well. */
export async function decryptWith(
  encrypted: ReadableStream<Uint8Array>,
  keys: DecryptionKeys,
  maxBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  const { head, stream } = await peek(encrypted, MAX_SHORT_BYTES);
  if (stream === null) return new Blob([await decryptInMemory(head, keys, maxBytes)]).stream();
  try {
    refuseManyPackets(head);
  } catch (cause) {
    await stream.cancel(cause).catch(() => undefined);
    throw cause;
  }
  return decryptLongMessage(stream, keys, maxBytes);
}

/**
 * Decrypts a message in memory, five times as fast as a stream. Returns authenticated bytes only.
 * @param maxBytes limit on compressed contents once decompressed
 * @throws DecryptError
 */
export async function decryptShortMessage(
  encrypted: Uint8Array,
  keys: readonly PrivateKey[],
  maxBytes: number,
): Promise<Uint8Array> {
  return decryptInMemory(encrypted, { decryptionKeys: [...keys] }, maxBytes);
}

async function decryptInMemory(
  encrypted: Uint8Array,
  keys: DecryptionKeys,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  refuseManyPackets(encrypted);
  const settings = { ...config, maxDecompressedMessageSize: maxBytes };
  const message = await readMessage({ binaryMessage: encrypted, config: settings }).catch((cause: unknown) =>
    explainUnreadable(encrypted, keys, cause),
  );
  const sessionKeys = await decryptSessionKeys({ message, ...keys, config: settings }).catch(noMatchingKey);
  const { data } = await decrypt({
    message,
    sessionKeys: sessionKeys as SessionKey[],
    format: "binary",
    config: settings,
  }).catch((cause: unknown) => {
    throw tooCompressed(cause) ?? damaged(cause);
  });
  return data as Uint8Array<ArrayBuffer>;
}

async function decryptLongMessage(
  encrypted: ReadableStream<Uint8Array>,
  keys: DecryptionKeys,
  maxBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  const settings = { ...config, allowUnauthenticatedStream: true, maxDecompressedMessageSize: maxBytes };
  const watchdog = new StallWatchdog(encrypted);
  try {
    const message = await readMessage({ binaryMessage: watchdog.stream, config: settings }).catch(notAMessage);
    const sessionKeys = await decryptSessionKeys({ message, ...keys, config: settings }).catch(noMatchingKey);
    const decrypting = decrypt({
      message,
      // For SEIPD version 2 the algorithm is null, since the packet names its cipher; the type declarations miss that.
      sessionKeys: sessionKeys as SessionKey[],
      format: "binary",
      config: settings,
    });
    const { data } = await watchdog.watch(decrypting).catch((cause: unknown) => {
      throw tooCompressed(cause) ?? damaged(cause);
    });
    return withOurErrors(data);
  } catch (cause) {
    await watchdog.cancel(cause);
    throw cause;
  }
}

/** Thousands of packets would take minutes. */
function refuseManyPackets(head: Uint8Array): void {
  const { count, packets } = readSessionKeyPart(head);
  if (count > MAX_SESSION_KEYS) {
    throw new DecryptError("too_many_recipients", `the message has more than ${MAX_SESSION_KEYS} recipients`);
  }
  if (packets > count + MAX_MARKERS) throw new DecryptError("not_a_message", "the message begins with filler");
}

/**
 * Throws the error that openpgp.js has for the same message as a stream, which it reads no further than it must: one
 * for another key is `no_matching_key`, and one that is cut off or has something after it is `damaged`.
 */
async function explainUnreadable(encrypted: Uint8Array, keys: DecryptionKeys, cause: unknown): Promise<never> {
  const { count, bytes, next, body } = readSessionKeyPart(encrypted);
  if (count === 0 && next !== null && NOT_ENCRYPTED.has(next)) noMatchingKey(cause);
  const header = { 1: 1, 2: V2_HEADER_BYTES }[body[0] ?? 0];
  if (next !== SEIPD || header === undefined || body.length < header) notAMessage(cause);
  const binaryMessage = new Uint8Array(bytes + 2 + header);
  binaryMessage.set(encrypted.subarray(0, bytes));
  binaryMessage.set([0xc0 | SEIPD, header, ...body.subarray(0, header)], bytes);
  const message = await readMessage({ binaryMessage }).catch(notAMessage);
  await decryptSessionKeys({ message, ...keys }).catch(noMatchingKey);
  throw damaged(cause);
}

function notAMessage(cause: unknown): never {
  throw new DecryptError("not_a_message", "this is not an OpenPGP message", { cause });
}

function noMatchingKey(cause: unknown): never {
  throw new DecryptError("no_matching_key", "none of the keys given opens this message", { cause });
}
