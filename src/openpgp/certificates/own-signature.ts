import type { Choice, Refusal } from "./choice.js";
import { currentSignature, minuteOf } from "./moment.js";
import type { SelfSignature } from "./self-signature.js";
import type { Verified, VerifiedUser } from "./verified.js";

/** The signature that says what a certificate is for, and the user id that it is on; null for the key itself. */
export interface OwnSignature {
  readonly signature: SelfSignature;
  readonly user: VerifiedUser | null;
}

/** Features flag (RFC 9580 section 5.2.3.32). */
const SEIPD_V2 = 0x08;
const AES_256 = 9;
const GCM = 3;

export const WEAK_SIGNATURE: Refusal = {
  fault: "weak_algorithm",
  why: "rests on a signature with MD5, SHA-1 or RIPEMD-160, which are broken",
};

/**
 * That of the primary user id at `at`, else that of the key itself (RFC 9580 section 5.2.3.10). Version 6 keeps it on
 * the key.
 */
export function ownSignature(certificate: Verified, at: number): OwnSignature | Refusal {
  const { primary, direct, users } = certificate;
  const onKey = directSignature(direct, at);
  const onUsers = primary.packet.version === 6 ? [] : users.flatMap((user) => certificationOf(user, at));
  const found = [...onUsers.sort(primaryFirst), ...(onKey === undefined ? [] : [{ signature: onKey, user: null }])];
  const [best] = [...found.filter(({ signature }) => !signature.weak), ...found];
  if (best === undefined) return refusal(certificate, at);
  return best.signature.weak ? WEAK_SIGNATURE : best;
}

/** When the primary key ends by its own signatures: the earliest that one of them says. */
export function primaryEnd({ primary, direct }: Verified, own: SelfSignature, at: number): number {
  const onKey = directSignature(direct, at);
  const ends = [own, ...(onKey === undefined ? [] : [onKey])].map((each) => primary.created + each.keyLifetime);
  return Math.min(own.ends, ...ends);
}

/** The AEAD algorithm that a certificate wants, or null for SEIPD version 1. */
export function aeadOf({ direct }: Verified, own: SelfSignature, at: number): Choice["aead"] {
  const onKey = directSignature(direct, at);
  if (((own.features ?? onKey?.features ?? 0) & SEIPD_V2) === 0) return null;
  const suites = own.suites.length > 0 ? own.suites : (onKey?.suites ?? []);
  // Every implementation must support OCB (RFC 9580 section 9.6).
  return suites.some(([cipher, mode]) => cipher === AES_256 && mode === GCM) ? "gcm" : "ocb";
}

/** All signatures that {@link ownSignature} may choose from. */
export function ownSignatures({ direct, users }: Verified): readonly SelfSignature[] {
  return [...direct, ...users.flatMap(({ certifications }) => certifications)];
}

/** One without key flags, which GnuPG makes to name somebody who may revoke, says nothing else. */
function directSignature(direct: readonly SelfSignature[], at: number): SelfSignature | undefined {
  const withFlags = direct.filter(({ flags }) => flags !== null);
  return currentSignature(withFlags, at) ?? currentSignature(direct, at);
}

function certificationOf(user: VerifiedUser, at: number): OwnSignature[] {
  const signature = currentSignature(user.certifications, at);
  if (signature === undefined) return [];
  // A certification that is newer than the revocation takes it back.
  const revoked = user.revocations.some(({ created }) => created <= at && created >= signature.created);
  return revoked ? [] : [{ signature, user }];
}

function primaryFirst({ signature: left }: OwnSignature, { signature: right }: OwnSignature): number {
  return Number(right.primaryUser) - Number(left.primaryUser) || right.created - left.created;
}

function refusal(certificate: Verified, at: number): Refusal {
  const { primary, users, unsignedUsers } = certificate;
  const all = ownSignatures(certificate);
  const later = all.find(({ created }) => created > at);
  if (later !== undefined) {
    const why = `rests on a signature that is dated ${minuteOf(later.created)}, while this clock says ${minuteOf(at)}`;
    return { fault: "not_yet_valid", why };
  }
  const usable = primary.packet.version === 6 ? certificate.direct : all;
  if (usable.length > 0 && usable.every(({ ends }) => ends <= at)) {
    return { fault: "expired", why: "rests on signatures that have expired" };
  }
  if (certificate.claimsWeak) return WEAK_SIGNATURE;
  const fault = "no_self_signature";
  if (users.length > 0 && primary.packet.version !== 6)
    return { fault, why: "has only user ids that have been revoked" };
  if (primary.packet.version === 6) return { fault, why: "has no signature of its own about the key itself" };
  return unsignedUsers > 0
    ? { fault, why: "has no user id with a signature of its own that is valid" }
    : { fault, why: "has no user id, and no signature of its own about the key itself" };
}
