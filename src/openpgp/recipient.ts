import { config, enums, type PublicKey, readKeys, type Subkey } from "openpgp";
import { dayOf, Fault } from "../core/index.js";
import { readPacketHeader } from "./packets/index.js";

export type RecipientFault =
  | "unreadable"
  | "secret_key"
  | "revoked"
  | "expired"
  | "not_yet_valid"
  | "no_encryption_key"
  | "weak_algorithm";

export class RecipientError extends Fault<RecipientFault> {}

/** A staff certificate that passed {@link checkRecipient}. */
export interface Recipient {
  readonly certificate: PublicKey;
  /** Upper-case hex: 40 digits for a version 4 certificate, 64 for version 6. */
  readonly fingerprint: string;
  readonly userIds: readonly string[];
  /** When encryption to it ends; null for never. */
  readonly expires: Date | null;
  /** Its AEAD algorithm for SEIPD version 2 (RFC 9580 section 5.13.2); null if it supports only version 1. */
  readonly aead: "gcm" | "ocb" | null;
}

const MIN_RSA_BITS = 3072;
/** Features flag (RFC 9580 section 5.2.3.32). */
const SEIPD_V2 = 0x08;
const AES_256 = 9;
const GCM = 3;
/** Secret-Key and Secret-Subkey packets (RFC 9580 section 5). */
const SECRET_KEY_TAGS = new Set([5, 7]);
const WEAK_SIGNATURE_KEYS = new Set(["dsa", "elgamal"]);

/** openpgp.js refuses these in a certificate: stricter than its defaults. */
const STRICT = {
  minRSABits: MIN_RSA_BITS,
  rejectPublicKeyAlgorithms: new Set([enums.publicKey.elgamal, enums.publicKey.dsa]),
  rejectHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]),
  rejectCurves: new Set([enums.curve.secp256k1]),
};
/** Only for telling a weak key from an unusable one: nothing is encrypted with these settings. */
const LENIENT = {
  minRSABits: 0,
  rejectPublicKeyAlgorithms: new Set<enums.publicKey>(),
  rejectHashAlgorithms: new Set<enums.hash>(),
  rejectCurves: new Set<enums.curve>(),
};

/** Where openpgp.js reads preferences from; missing in its type declarations. */
interface SelfSigned {
  getPrimarySelfSignature(date: Date): Promise<{
    readonly features: Uint8Array | null;
    readonly preferredCipherSuites: readonly (readonly [cipher: number, aead: number])[] | null;
  }>;
}

const ARMOR_BEGIN = "-----BEGIN PGP ";
const ARMOR_BLOCK = /-----BEGIN PGP ([A-Z ]+)-----[\s\S]*?-----END PGP \1-----/g;

/** Whether `contents` hold an armored secret key anywhere, or start with a binary one. */
export function holdsSecretKey(contents: Uint8Array): boolean {
  if (new TextDecoder("latin1").decode(contents).includes("-----BEGIN PGP PRIVATE KEY BLOCK-----")) return true;
  try {
    return SECRET_KEY_TAGS.has(readPacketHeader(contents)?.header.tag ?? 0);
  } catch {
    return false;
  }
}

/**
 * Reads every certificate in `text`, which may hold several armor blocks.
 * @throws RecipientError `secret_key` if any is or holds a secret key, `unreadable` if any block is not a certificate
 */
export async function readCertificates(text: string): Promise<PublicKey[]> {
  if (holdsSecretKey(new TextEncoder().encode(text)))
    throw new RecipientError("secret_key", "this file holds a secret key");
  const blocks = [...text.matchAll(ARMOR_BLOCK)];
  // A block that has lost its end would swallow the next one, and a recipient with it.
  if (text.split(ARMOR_BEGIN).length - 1 !== blocks.length) {
    throw new RecipientError("unreadable", "this file holds a certificate whose end is missing");
  }
  const certificates: PublicKey[] = [];
  for (const [block, kind] of blocks) {
    if (kind !== "PUBLIC KEY BLOCK")
      throw new RecipientError("unreadable", "this file holds something other than keys");
    const keys = await readKeys({ armoredKeys: block }).catch((cause: unknown) => {
      throw new RecipientError("unreadable", "this certificate is damaged or of an unknown kind", { cause });
    });
    for (const key of keys) {
      if (key.isPrivate()) throw new RecipientError("secret_key", "this file holds a secret key");
      certificates.push(key);
    }
  }
  if (certificates.length === 0) throw new RecipientError("unreadable", "this file holds no armored certificate");
  return certificates;
}

/**
 * Checks that `certificate` may be encrypted to at `date`.
 * @throws RecipientError
 */
export async function checkRecipient(certificate: PublicKey, date: Date): Promise<Recipient> {
  const fingerprint = certificate.getFingerprint().toUpperCase();
  if (certificate.getCreationTime() > date) {
    throw new RecipientError("not_yet_valid", `the certificate ${fingerprint} begins in the future`);
  }
  if (await certificate.isRevoked(undefined, undefined, date)) {
    throw new RecipientError("revoked", `the certificate ${fingerprint} has been revoked`);
  }
  const expires = await expiry(certificate, date);
  if (expires !== null && expires <= date) {
    throw new RecipientError("expired", `the certificate ${fingerprint} expired on ${dayOf(expires)}`);
  }
  await certificate.getEncryptionKey(undefined, date, undefined, { ...config, ...LENIENT }).catch((cause: unknown) => {
    throw new RecipientError("no_encryption_key", `the certificate ${fingerprint} has no usable encryption key`, {
      cause,
    });
  });
  await refuseWeak(certificate, fingerprint, date);
  return { certificate, fingerprint, userIds: certificate.getUserIDs(), expires, aead: await aead(certificate, date) };
}

/** Whether `certificate` needs X448 or Ed448, which only the larger client build has. */
export function usesRareCurve(certificate: PublicKey): boolean {
  return [certificate, ...certificate.getSubkeys()].some((key) => key.getAlgorithmInfo().algorithm.endsWith("448"));
}

async function refuseWeak(certificate: PublicKey, fingerprint: string, date: Date): Promise<void> {
  const weak = (cause?: unknown) =>
    new RecipientError("weak_algorithm", `the certificate ${fingerprint} uses an algorithm that is too weak`, {
      cause,
    });
  const { algorithm, bits } = certificate.getAlgorithmInfo();
  if (WEAK_SIGNATURE_KEYS.has(algorithm) || (bits !== undefined && bits < MIN_RSA_BITS)) throw weak();
  await certificate.getEncryptionKey(undefined, date, undefined, { ...config, ...STRICT }).catch((cause: unknown) => {
    throw weak(cause);
  });
}

/** The expiry of the primary key or of its last usable encryption subkey, whichever is earlier; null for never. */
async function expiry(certificate: PublicKey, date: Date): Promise<Date | null> {
  const times = [toDate(await certificate.getExpirationTime())];
  const subkeys: (Date | null)[] = [];
  for (const subkey of certificate.getSubkeys()) {
    if (await encrypts(subkey, date)) subkeys.push(toDate(await subkey.getExpirationTime(date)));
  }
  if (subkeys.length > 0 && subkeys.every((time) => time !== null)) {
    times.push(new Date(Math.max(...subkeys.map((time) => time.getTime()))));
  }
  const finite = times.filter((time) => time !== null);
  return finite.length === 0 ? null : new Date(Math.min(...finite.map((time) => time.getTime())));
}

/** Whether `subkey` is for encryption and not revoked. It may have expired. */
async function encrypts(subkey: Subkey, date: Date): Promise<boolean> {
  const binding = subkey.bindingSignatures.at(-1);
  const flags = binding?.keyFlags?.[0] ?? 0;
  const meant = (flags & (enums.keyFlags.encryptCommunication | enums.keyFlags.encryptStorage)) !== 0;
  if (!meant || binding === undefined) return false;
  return !subkey.revocationSignatures.some((signature) => (signature.created?.getTime() ?? 0) <= date.getTime());
}

function toDate(time: number | Date | null): Date | null {
  return time instanceof Date ? time : null;
}

async function aead(certificate: PublicKey, date: Date): Promise<Recipient["aead"]> {
  const { features, preferredCipherSuites } = await (certificate as unknown as SelfSigned).getPrimarySelfSignature(
    date,
  );
  if (((features?.[0] ?? 0) & SEIPD_V2) === 0) return null;
  const suites = preferredCipherSuites ?? [];
  // Every implementation must support OCB (RFC 9580 section 9.6).
  return suites.some(([cipher, mode]) => cipher === AES_256 && mode === GCM) ? "gcm" : "ocb";
}
