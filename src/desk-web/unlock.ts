import { decryptKey, type PrivateKey, readPrivateKeys } from "openpgp";
import { Fault } from "../core/index.js";

export class UnlockError extends Fault<"no_secret_key" | "wrong_passphrase"> {}

/**
 * Reads and unlocks every secret key in an armored or binary file.
 * @throws UnlockError
 */
export async function unlockKeys(contents: Uint8Array, passphrase: string): Promise<PrivateKey[]> {
  const keys: PrivateKey[] = [];
  for (const key of await parse(contents)) {
    if (key.isDecrypted()) keys.push(key);
    else
      keys.push(
        await decryptKey({ privateKey: key, passphrase }).catch((cause: unknown) => {
          throw new UnlockError("wrong_passphrase", "the passphrase does not unlock this key", { cause });
        }),
      );
  }
  return keys;
}

async function parse(contents: Uint8Array): Promise<PrivateKey[]> {
  try {
    const text = new TextDecoder("latin1").decode(contents);
    if (text.includes("-----BEGIN PGP")) return await readPrivateKeys({ armoredKeys: text });
    return await readPrivateKeys({ binaryKeys: contents });
  } catch (cause) {
    throw new UnlockError("no_secret_key", "this file holds no secret key", { cause });
  }
}
