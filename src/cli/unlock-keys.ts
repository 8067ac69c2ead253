import type { PrivateKey } from "openpgp";
import { passphrase } from "./passphrase.js";

/** Reads and unlocks every secret key in `files`. Asks for the passphrase of each file, unless `passphraseFile` holds it. */
export async function unlockKeys(files: readonly string[], passphraseFile: string | undefined): Promise<PrivateKey[]> {
  const { readSecretKeys } = await import("../desk/index.js");
  const keys: PrivateKey[] = [];
  for (const file of files) {
    keys.push(...(await readSecretKeys(file, () => passphrase(passphraseFile, `passphrase for ${file}: `))));
  }
  return keys;
}
