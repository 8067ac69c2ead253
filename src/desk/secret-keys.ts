import { readFile } from "node:fs/promises";
import { decryptKey, type PrivateKey, readPrivateKeys } from "openpgp";
import { Fault } from "../core/index.js";

export class SecretKeyError extends Fault<"unreadable" | "passphrase_needed" | "wrong_passphrase"> {}

/**
 * Reads every secret key in the armored or binary file at `path` and unlocks them.
 * @param passphrase called only when a key needs one
 * @throws SecretKeyError
 */
export async function readSecretKeys(path: string, passphrase: () => Promise<string>): Promise<PrivateKey[]> {
  const locked = await parse(path);
  const keys: PrivateKey[] = [];
  let given: string | undefined;
  for (const key of locked) {
    if (key.isDecrypted()) {
      keys.push(key);
      continue;
    }
    given ??= await passphrase();
    keys.push(
      await decryptKey({ privateKey: key, passphrase: given }).catch((cause: unknown) => {
        throw new SecretKeyError("wrong_passphrase", `the passphrase does not unlock ${path}`, { cause });
      }),
    );
  }
  return keys;
}

async function parse(path: string): Promise<PrivateKey[]> {
  try {
    const bytes = await readFile(path);
    const text = bytes.toString("latin1");
    if (text.includes("-----BEGIN PGP")) return await readPrivateKeys({ armoredKeys: text });
    return await readPrivateKeys({ binaryKeys: bytes });
  } catch (cause) {
    throw new SecretKeyError("unreadable", `${path} holds no secret key that can be read`, { cause });
  }
}
