import { config, decrypt, decryptSessionKeys, type PrivateKey, readMessage, type SessionKey } from "openpgp";
import { Fault } from "../core/index.js";
import { WatchedSource } from "./watched-source.js";

export class DecryptError extends Fault<"not_a_message" | "no_matching_key" | "damaged"> {}

/** Any of these may fit. */
export type DecryptionKeys = { readonly decryptionKeys: PrivateKey[] } | { readonly passwords: string[] };

/**
 * Decrypts a message. The stream carries bytes **before** their integrity is known: its reader must throw everything away
 * unless the stream ends without an error.
 *
 * @param mostBytes the most that compressed contents may grow to
 * @throws DecryptError at once; `damaged` also through the stream
 */
export async function decryptWith(
  encrypted: ReadableStream<Uint8Array>,
  keys: DecryptionKeys,
  mostBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  const settings = { ...config, allowUnauthenticatedStream: true, maxDecompressedMessageSize: mostBytes };
  const source = new WatchedSource(encrypted);
  try {
    const message = await readMessage({ binaryMessage: source.stream, config: settings }).catch((cause: unknown) => {
      throw new DecryptError("not_a_message", "this is not an OpenPGP message", { cause });
    });
    const sessionKeys = await decryptSessionKeys({ message, ...keys, config: settings }).catch((cause: unknown) => {
      throw new DecryptError("no_matching_key", "none of the keys given opens this message", { cause });
    });
    const decrypting = decrypt({
      message,
      // The algorithm is null beside version 2 data, which names its cipher itself; the declarations do not know that.
      sessionKeys: sessionKeys as SessionKey[],
      format: "binary",
      config: settings,
    });
    const { data } = await source.watch(decrypting).catch((cause: unknown) => {
      throw damaged(cause);
    });
    return data.pipeThrough(damageExplained());
  } catch (cause) {
    await source.cancel(cause);
    throw cause;
  }
}

function damaged(cause: unknown): DecryptError {
  return new DecryptError("damaged", "the message is damaged: its integrity check failed", { cause });
}

/**
 * The same for a message that is in memory, in a fifth of the time: nothing of it is there before its integrity has been checked.
 * @throws openpgp.js's own error; {@link decryptWith} tells what is wrong
 */
export async function decryptWhole(
  encrypted: Uint8Array,
  keys: DecryptionKeys,
  mostBytes: number,
): Promise<Uint8Array> {
  const settings = { ...config, maxDecompressedMessageSize: mostBytes };
  const message = await readMessage({ binaryMessage: encrypted, config: settings });
  const { data } = await decrypt({ message, ...keys, format: "binary", config: settings });
  return data;
}

/** Gives errors of the decrypting stream a code of ours. */
function damageExplained(): { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const reader = readable.getReader();
  return {
    writable,
    readable: new ReadableStream(
      {
        async pull(controller) {
          const next = await reader.read().catch((cause: unknown) => {
            throw damaged(cause);
          });
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    ),
  };
}
