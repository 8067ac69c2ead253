import {
  createMessage,
  decryptKey,
  enums,
  generateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  readSignature,
  sign,
  verify,
} from "openpgp";
import { dayOf } from "../core/index.js";
import { holdsSecretKey } from "../openpgp/index.js";
import { ManifestError } from "./manifest.js";

export interface ReleaseKey {
  readonly fingerprint: string;
  readonly certificate: string;
  readonly secretKey: string;
}

/**
 * Makes the operator's release key: version 4, Ed25519, for signing only, so that it can never be taken for a recipient's. GnuPG reads it.
 * The secret key is locked with the passphrase.
 * @param lifetime seconds from now
 */
export async function createReleaseKey(name: string, passphrase: string, lifetime: number): Promise<ReleaseKey> {
  const { privateKey, publicKey } = await generateKey({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: [{ name }],
    subkeys: [],
    passphrase,
    keyExpirationTime: lifetime,
    format: "object",
    config: { s2kType: enums.s2k.iterated, s2kIterationCountByte: 255 },
  });
  return {
    fingerprint: publicKey.getFingerprint().toUpperCase(),
    certificate: publicKey.armor(),
    secretKey: privateKey.armor(),
  };
}

/**
 * A detached signature of `manifest`, armored: what `gpg --armor --detach-sign` makes.
 * @throws ManifestError `unusable_key`
 */
export async function signManifest(manifest: Uint8Array, armoredKey: string, passphrase: string): Promise<string> {
  try {
    const locked = await readPrivateKey({ armoredKey });
    const key = locked.isDecrypted() ? locked : await decryptKey({ privateKey: locked, passphrase });
    const message = await createMessage({ binary: Uint8Array.from(manifest) });
    return await sign({ message, signingKeys: key, detached: true, format: "armored" });
  } catch (cause) {
    const message = "the release key cannot sign: is it the secret key, and the passphrase right?";
    throw new ManifestError("unusable_key", message, { cause });
  }
}

/** @throws ManifestError `unusable_key` if it is no certificate, or holds a secret key */
export async function readSigner(armored: string): Promise<PublicKey> {
  if (holdsSecretKey(Buffer.from(armored))) {
    const message = "this is a secret key, which belongs on the machine where it was made: give its certificate";
    throw new ManifestError("unusable_key", message);
  }
  try {
    return await readKey({ armoredKey: armored });
  } catch (cause) {
    throw new ManifestError("unusable_key", "the signer's certificate cannot be read", { cause });
  }
}

export interface Signed {
  /** Upper-case hex, of the certificate. */
  readonly by: string;
  /** Day on which it was signed, as the signature says. */
  readonly day: string;
}

/** @throws ManifestError `wrong_signature` unless `signer` has signed these very bytes */
export async function checkSignature(manifest: Uint8Array, armored: string, signer: PublicKey): Promise<Signed> {
  try {
    const { signatures } = await verify({
      message: await createMessage({ binary: Uint8Array.from(manifest) }),
      signature: await readSignature({ armoredSignature: armored }),
      verificationKeys: signer,
      expectSigned: true,
      format: "binary",
    });
    for (const { verified, signature } of signatures) {
      const good = await verified.catch(() => false);
      const [packet] = (await signature).packets;
      if (good && packet?.created instanceof Date) {
        return { by: signer.getFingerprint().toUpperCase(), day: dayOf(packet.created) };
      }
    }
    throw new Error("no signature is by this key");
  } catch (cause) {
    throw new ManifestError("wrong_signature", "the manifest is not signed by the certificate given", { cause });
  }
}
