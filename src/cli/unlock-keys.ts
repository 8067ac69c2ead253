import type { PrivateKey } from "openpgp";
import { passphrase } from "./passphrase.js";

/**
 * Reads and unlocks every secret key in `files`.
 * @param passphraseFile holds the passphrase of all; without it each is asked for
 */
export async function unlockKeys(files: readonly string[], passphraseFile: string | undefined): Promise<PrivateKey[]> {
  const { readSecretKeys } = await import("../desk/index.js");
  const keys: PrivateKey[] = [];
  for (const file of files) {
    keys.push(...(await readSecretKeys(file, () => passphrase(passphraseFile, `passphrase for ${file}: `))));
  }
  return keys;
}
