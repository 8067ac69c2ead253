import { createMessage, decryptKey, type PrivateKey, readPrivateKey, sign } from "openpgp";
import { Fault } from "../core/index.js";

/** `not_a_key`: the file holds no secret key. `locked`: the passphrase does not fit. `cannot_sign`: it may not sign. */
export class SigningError extends Fault<"not_a_key" | "locked" | "cannot_sign"> {}

const ARMOR = "-----BEGIN PGP PRIVATE KEY BLOCK-----";

/** The secret key in a file, armored or not, unlocked. @throws SigningError `not_a_key` or `locked` */
export async function readSigningKey(file: Uint8Array<ArrayBuffer>, passphrase: string): Promise<PrivateKey> {
  const text = new TextDecoder("latin1").decode(file);
  const read = text.includes(ARMOR) ? readPrivateKey({ armoredKey: text }) : readPrivateKey({ binaryKey: file });
  const locked = await read.catch((cause: unknown) => {
    throw new SigningError("not_a_key", "the file holds no secret key", { cause });
  });
  if (locked.isDecrypted()) return locked;
  return decryptKey({ privateKey: locked, passphrase }).catch((cause: unknown) => {
    throw new SigningError("locked", "the passphrase does not unlock the key", { cause });
  });
}

/** An armored detached signature, as `gpg --armor --detach-sign` makes. @throws SigningError `cannot_sign` */
export async function signDetached(data: Uint8Array<ArrayBuffer>, key: PrivateKey): Promise<string> {
  try {
    const message = await createMessage({ binary: data });
    return await sign({ message, signingKeys: key, detached: true, format: "armored" });
  } catch (cause) {
    throw new SigningError("cannot_sign", "this key may not sign: use another key of yours", { cause });
  }
}
