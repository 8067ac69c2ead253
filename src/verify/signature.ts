import { createMessage, enums, generateKey, type PublicKey, readKey, readSignature, verify } from "openpgp";
import { dayOf } from "../core/index.js";
import { holdsSecretKey, readSigningKey, signDetached } from "../openpgp/index.js";
import { ManifestError } from "./manifest.js";

export interface ReleaseKey {
  readonly fingerprint: string;
  readonly certificate: string;
  readonly secretKey: string;
}

/**
 * Makes the operator's release key: version 4, Ed25519, readable by GnuPG. It signs, and nobody can encrypt to it.
 * @param passphrase locks the secret key
 * @param lifetimeSeconds from now
 */
export async function createReleaseKey(name: string, passphrase: string, lifetimeSeconds: number): Promise<ReleaseKey> {
  const { privateKey, publicKey } = await generateKey({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: [{ name }],
    subkeys: [],
    passphrase,
    keyExpirationTime: lifetimeSeconds,
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
 * An armored detached signature of `manifest`, as `gpg --armor --detach-sign` makes.
 * @throws ManifestError `unusable_key`
 */
export async function signManifest(manifest: Uint8Array, armoredKey: string, passphrase: string): Promise<string> {
  try {
    const key = await readSigningKey(new TextEncoder().encode(armoredKey), passphrase);
    return await signDetached(Uint8Array.from(manifest), key);
  } catch (cause) {
    const message = "the release key cannot sign: check that it is the secret key, and the passphrase";
    throw new ManifestError("unusable_key", message, { cause });
  }
}

/** @throws ManifestError `unusable_key` if `armored` is not a certificate, or holds a secret key */
export async function readSigner(armored: string): Promise<PublicKey> {
  if (holdsSecretKey(Buffer.from(armored))) {
    const message = "this is a secret key, which must stay on the machine that made it; name its certificate";
    throw new ManifestError("unusable_key", message);
  }
  try {
    return await readKey({ armoredKey: armored });
  } catch (cause) {
    throw new ManifestError("unusable_key", "the signer's certificate cannot be read", { cause });
  }
}

export interface Signed {
  /** Fingerprint of the certificate, upper-case hex. */
  readonly by: string;
  /** Day of the signature, as it states itself. */
  readonly day: string;
}

/** @throws ManifestError `wrong_signature` unless `signer` signed exactly these bytes */
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
    throw new Error("this key made none of the signatures");
  } catch (cause) {
    throw new ManifestError("wrong_signature", "the named certificate did not sign this manifest", { cause });
  }
}
