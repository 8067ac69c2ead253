import { lastingSignatures } from "./moment.js";
import { ownSignature, ownSignatures } from "./own-signature.js";
import { periodsFrom } from "./periods.js";
import type { SelfSignature } from "./self-signature.js";
import type { Verified } from "./verified.js";

/** When the owner last signed anything, or `date` if that is earlier. */
export function lastSigned(certificate: Verified, date: number): number {
  const bindings = certificate.subkeys.flatMap((subkey) => subkey.bindings);
  const newest = [...ownSignatures(certificate), ...bindings].reduce((last, { created }) => Math.max(last, created), 0);
  return Math.min(newest, date);
}

/**
 * What encrypting needs of a certificate from `date` (milliseconds) on: the primary key, the user id that counts, the
 * subkeys that are chosen now or later, and the signatures that bind them.
 *
 * It does not change while nobody signs anything new, so that the pages of a portal stay the same after a restart: what
 * has ended since the newest signature is still in it.
 */
export function minimal(certificate: Verified, date: number): Verified {
  const { direct, users, subkeys } = certificate;
  const from = lastSigned(certificate, date);
  const own = ownSignature(certificate, date);
  const chosen = new Set(
    periodsFrom(certificate, from).flatMap(({ choice }) =>
      "fault" in choice ? [] : choice.keys.map(({ fingerprint }) => fingerprint),
    ),
  );
  const lasting = new Set<SelfSignature>([
    ...lastingSignatures(direct, from),
    ...lastingSignatures(
      direct.filter(({ flags }) => flags !== null),
      from,
    ),
  ]);
  return {
    ...certificate,
    direct: direct.filter((each) => lasting.has(each)),
    users: users
      .filter((user) => "user" in own && own.user === user)
      .map((user) => ({ ...user, certifications: lastingSignatures(user.certifications, from) })),
    subkeys: subkeys
      .filter(({ key }) => chosen.has(key.fingerprint))
      .map((subkey) => ({ ...subkey, bindings: lastingSignatures(subkey.bindings, from) })),
  };
}
