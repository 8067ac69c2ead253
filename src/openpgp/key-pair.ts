import { generateKey } from "openpgp";
import { lockOfVersion } from "./relock.js";

/**
 * `gnupg`: version 4, Curve25519, readable by GnuPG 2.2 and later.
 * `rfc9580`: version 6, X25519, AEAD with AES-256-GCM: several times faster in browsers; GnuPG cannot read it.
 */
export type KeyProfile = "gnupg" | "rfc9580";

export interface KeyPairRequest {
  readonly profile: KeyProfile;
  readonly userId: { readonly name: string; readonly email?: string };
  readonly passphrase: string;
  /** Seconds from now. */
  readonly lifetime: number;
}

export interface KeyPair {
  readonly fingerprint: string;
  readonly certificate: string;
  readonly secretKey: string;
  readonly revocationCertificate: string;
}

/** Generates a recipient's key. All parts are armored; the secret key is encrypted with the passphrase. */
export async function createKeyPair({ profile, userId, passphrase, lifetime }: KeyPairRequest): Promise<KeyPair> {
  const modern = profile === "rfc9580";
  const { privateKey, publicKey, revocationCertificate } = await generateKey({
    ...(modern ? { type: "curve25519" as const } : { type: "ecc" as const, curve: "curve25519Legacy" as const }),
    userIDs: [{ ...userId }],
    passphrase,
    keyExpirationTime: lifetime,
    format: "object",
    config: {
      v6Keys: modern,
      ...lockOfVersion(modern ? 6 : 4),
    },
  });
  return {
    fingerprint: publicKey.getFingerprint().toUpperCase(),
    certificate: publicKey.armor(),
    secretKey: privateKey.armor(),
    revocationCertificate,
  };
}
