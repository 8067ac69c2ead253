import { config, createMessage, decrypt, encrypt, enums, readMessage } from "openpgp";
import { Fault } from "../core/index.js";
import { monthFileName } from "./month-secret.js";
import type { MonthSecret } from "./monthly-key.js";

/** `wrong_key_file`: another key-file wrapped it. `damaged`: it is no wrapped month. */
export class WrapError extends Fault<"wrong_key_file" | "damaged"> {}

/** A secret of 128 random bits needs no slow hash: 65,536 bytes are what GnuPG would take at least. */
const S2K_COUNT_BYTE = 96;
const MAX_WRAPPED_BYTES = 64 * 1024;

/**
 * Encrypts the secret of a month with the line of a key-file as the password, in a way that any GnuPG decrypts:
 * `gpg --batch --passphrase-file KEY-FILE --decrypt`.
 */
export async function wrapMonth(secretKey: string, keyLine: string): Promise<Uint8Array> {
  return encrypt({
    message: await createMessage({ binary: new TextEncoder().encode(secretKey) }),
    passwords: [keyLine],
    format: "binary",
    config: {
      aeadProtect: false,
      s2kType: enums.s2k.iterated,
      s2kIterationCountByte: S2K_COUNT_BYTE,
      preferredSymmetricAlgorithm: enums.symmetric.aes256,
      preferredCompressionAlgorithm: enums.compression.uncompressed,
    },
  });
}

/** The file of each month: its name, and the secret wrapped with the line of a key-file. */
export async function wrapMonths(
  fingerprint: string,
  months: readonly MonthSecret[],
  keyLine: string,
): Promise<readonly { readonly name: string; readonly contents: Uint8Array }[]> {
  const files: { name: string; contents: Uint8Array }[] = [];
  for (const { month, secretKey } of months) {
    files.push({ name: monthFileName(fingerprint, month), contents: await wrapMonth(secretKey, keyLine) });
  }
  return files;
}

/** The armored secret key in a wrapped month. @throws WrapError */
export async function unwrapMonth(wrapped: Uint8Array, keyLine: string): Promise<string> {
  if (wrapped.length > MAX_WRAPPED_BYTES) throw new WrapError("damaged", "this is too large for the secret of a month");
  const message = await readMessage({ binaryMessage: Uint8Array.from(wrapped) }).catch((cause: unknown) => {
    throw new WrapError("damaged", "this is not the secret of a month", { cause });
  });
  const opened = await decrypt({ message, passwords: [keyLine], format: "binary", config }).catch((cause: unknown) => {
    throw new WrapError("wrong_key_file", "this key-file does not open it", { cause });
  });
  return new TextDecoder().decode(opened.data as Uint8Array);
}
