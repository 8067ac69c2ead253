import { config, enums, type PublicKeyPacket, SignaturePacket } from "openpgp";

/** A verified signature of a key about itself, its user ids or its subkeys. Times are milliseconds. */
export interface SelfSignature {
  /** Of the packet, without what somebody else could have added to it. */
  readonly body: Uint8Array;
  readonly type: number;
  readonly created: number;
  /** When the signature itself ends to count; infinite for never. */
  readonly ends: number;
  /** How long the key that it speaks of lives; infinite for ever. */
  readonly keyLifetime: number;
  /** Key flags (RFC 9580 section 5.2.3.29), or null if it has none. */
  readonly flags: readonly number[] | null;
  /** The first byte of the features (section 5.2.3.32), or null if it names none. */
  readonly features: number | null;
  /** Preferred AEAD cipher suites (section 5.2.3.15). */
  readonly suites: readonly (readonly [cipher: number, aead: number])[];
  readonly primaryUser: boolean;
  /** Whether it rests on a hash function that is broken. */
  readonly weak: boolean;
  /** Of a revocation: whether it holds for all times, not only from its date on. */
  readonly hard: boolean;
  /** Key IDs of those who may revoke for the key. */
  readonly revokers: readonly string[];
}

/** What is signed besides the primary key. openpgp.js takes a user id from `write`, and so keeps its bytes. */
export type Signed = { readonly userID: { readonly write: () => Uint8Array } } | { readonly bind: object } | object;

/** More than any signature that we can verify has. */
const MAX_SIGNATURE_BYTES = 64 * 1024;
const WEAK_HASHES = new Set([enums.hash.md5, enums.hash.sha1, enums.hash.ripemd]);
/** Revocations for these reasons hold from their date on (RFC 9580 section 5.2.3.31). */
const SOFT_REASONS = new Set([
  enums.reasonForRevocation.keyRetired,
  enums.reasonForRevocation.keySuperseded,
  enums.reasonForRevocation.userIDInvalid,
]);
/** Subpackets that name the issuer: by key ID, and by fingerprint (section 5.2.3.7). */
const ISSUERS = new Set([16, 33]);
/** The policy is applied later, to the signature that counts. */
const ANY_HASH = { ...config, rejectHashAlgorithms: new Set<enums.hash>() };

/** Fields that are missing in openpgp.js's type declarations. */
interface MoreFields {
  readonly preferredCipherSuites: readonly (readonly [number, number])[] | null;
}

/** The signature in a packet's body; null if it cannot be read. */
export function parseSignature(body: Uint8Array): SignaturePacket | null {
  if (body.length > MAX_SIGNATURE_BYTES) return null;
  try {
    const signature = new SignaturePacket();
    signature.read(body);
    return signature;
  } catch {
    return null;
  }
}

/** Key id of the issuer of a revocation of a key, lower-case hex; null if the body is another signature or none. */
export function issuerOfRevocation(body: Uint8Array): string | null {
  const signature = parseSignature(body);
  return signature?.signatureType === enums.signature.keyRevocation ? signature.issuerKeyID.toHex() : null;
}

/** Verifies that `primary` made `signature` over `signed`, whatever the date. @returns null if it did not */
export async function verifySelfSignature(
  signature: SignaturePacket,
  primary: PublicKeyPacket,
  signed: Signed,
): Promise<SelfSignature | null> {
  const { created, signatureType, version, issuerKeyID } = signature;
  if (created === null || signatureType === null || version !== primary.version) return null;
  if (!issuerKeyID.equals(primary.getKeyID())) return null;
  const revoker = signature.revocationKeyClass === null ? null : signature.revocationKeyFingerprint;
  // openpgp.js verifies no signature that names somebody who may revoke: that is judged with the revocations.
  signature.revocationKeyClass = null;
  const wanted = CERTIFICATIONS.has(signatureType) ? enums.signature.certGeneric : signatureType;
  try {
    await signature.verify(primary, wanted, { key: primary, ...signed }, created, false, ANY_HASH);
  } catch {
    return null;
  }
  const { keyNeverExpires, keyExpirationTime, keyFlags, features } = signature;
  const ends = signature.getExpirationTime();
  return {
    body: withoutAdditions(signature),
    type: signatureType,
    created: created.getTime(),
    ends: ends instanceof Date ? ends.getTime() : Number.POSITIVE_INFINITY,
    keyLifetime: keyNeverExpires === false ? (keyExpirationTime ?? 0) * 1000 : Number.POSITIVE_INFINITY,
    flags: keyFlags === null ? null : [...keyFlags],
    features: features === null ? null : (features[0] ?? 0),
    suites: (signature as unknown as MoreFields).preferredCipherSuites ?? [],
    primaryUser: signature.isPrimaryUserID === true,
    weak: isWeak(signature),
    hard: !SOFT_REASONS.has(signature.reasonForRevocationFlag ?? enums.reasonForRevocation.noReason),
    revokers: revoker === null ? [] : [hexOf(revoker.subarray(-8))],
  };
}

const CERTIFICATIONS = new Set([
  enums.signature.certGeneric,
  enums.signature.certPersona,
  enums.signature.certCasual,
  enums.signature.certPositive,
]);

/** Whether a signature rests on a hash function that is broken. */
export function isWeak({ hashAlgorithm }: SignaturePacket): boolean {
  return hashAlgorithm === null || WEAK_HASHES.has(hashAlgorithm);
}

/** Anyone can put subpackets where the signature does not cover them: only those that name the issuer stay. */
function withoutAdditions(signature: SignaturePacket): Uint8Array {
  const kinds = new Set<number>();
  signature.unhashedSubpackets = signature.unhashedSubpackets.filter(({ type }) => {
    if (!ISSUERS.has(type) || kinds.has(type)) return false;
    kinds.add(type);
    return true;
  });
  return signature.write();
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
