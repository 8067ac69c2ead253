import { config, decrypt, decryptSessionKeys, type PrivateKey, readMessage, type SessionKey } from "openpgp";
import { Fault } from "../core/index.js";
import { StallWatchdog } from "./stall-watchdog.js";

export class DecryptError extends Fault<"not_a_message" | "no_matching_key" | "damaged"> {}

/** Any one of these may match. */
export type DecryptionKeys = { readonly decryptionKeys: PrivateKey[] } | { readonly passwords: string[] };

/**
 * Decrypts a message with whichever of `keys` matches. The stream carries bytes **before** their integrity is known:
 * its reader must discard all of them unless the stream ends without an error.
 *
 * @param maxBytes limit on compressed contents once decompressed
 * @throws DecryptError at once; `damaged` also through the stream
 */
export async function decryptMessage(
  encrypted: ReadableStream<Uint8Array>,
  keys: readonly PrivateKey[],
  maxBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  return decryptWith(encrypted, { decryptionKeys: [...keys] }, maxBytes);
}

/**
 * Decrypts a short message in memory, five times as fast as {@link decryptMessage}. Returns authenticated bytes only.
 *
 * @param maxBytes limit on compressed contents once decompressed
 * @returns null if decryption fails for any reason; decryptMessage names the reason
 */
export async function decryptShortMessage(
  encrypted: Uint8Array,
  keys: readonly PrivateKey[],
  maxBytes: number,
): Promise<Uint8Array | null> {
  const settings = { ...config, maxDecompressedMessageSize: maxBytes };
  try {
    const message = await readMessage({ binaryMessage: encrypted, config: settings });
    const { data } = await decrypt({ message, decryptionKeys: [...keys], format: "binary", config: settings });
    return data;
  } catch {
    return null;
  }
}

/** {@link decryptMessage}, with passwords as well. */
export async function decryptWith(
  encrypted: ReadableStream<Uint8Array>,
  keys: DecryptionKeys,
  maxBytes: number,
): Promise<ReadableStream<Uint8Array>> {
  const settings = { ...config, allowUnauthenticatedStream: true, maxDecompressedMessageSize: maxBytes };
  const watchdog = new StallWatchdog(encrypted);
  try {
    const message = await readMessage({ binaryMessage: watchdog.stream, config: settings }).catch((cause: unknown) => {
      throw new DecryptError("not_a_message", "this is not an OpenPGP message", { cause });
    });
    const sessionKeys = await decryptSessionKeys({ message, ...keys, config: settings }).catch((cause: unknown) => {
      throw new DecryptError("no_matching_key", "none of the keys given opens this message", { cause });
    });
    const decrypting = decrypt({
      message,
      // For SEIPD version 2 the algorithm is null, since the packet names its cipher; the type declarations miss that.
      sessionKeys: sessionKeys as SessionKey[],
      format: "binary",
      config: settings,
    });
    const { data } = await watchdog.watch(decrypting).catch((cause: unknown) => {
      throw damaged(cause);
    });
    return withOurErrors(data);
  } catch (cause) {
    await watchdog.cancel(cause);
    throw cause;
  }
}

function damaged(cause: unknown): DecryptError {
  return new DecryptError("damaged", "the message is damaged: its integrity check failed", { cause });
}

/** `data` with its errors turned into DecryptError. */
function withOurErrors(data: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = data.getReader();
  return new ReadableStream(
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
  );
}
