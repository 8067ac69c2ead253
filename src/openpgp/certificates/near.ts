import { periodsFrom } from "./periods.js";
import type { Verified } from "./verified.js";

/** Keys of a certificate that are published together: with a key for each month, this month's and three later ones. */
const MAX_PUBLISHED = 4;

/**
 * The certificate with the keys that are used first from `at` (milliseconds) on. One with a key for each of 24 months
 * would be 6 KiB to everybody who loads it, and would keep the keys of months that have been burnt.
 *
 * It changes only where one key follows another.
 */
export function near(certificate: Verified, at: number): Verified {
  if (certificate.subkeys.length <= MAX_PUBLISHED) return certificate;
  const uses = periodsFrom(certificate, at).flatMap(({ choice }) => ("fault" in choice ? [] : [choice.keys]));
  const wanted = new Set(uses.slice(0, MAX_PUBLISHED).flatMap((keys) => keys.map(({ fingerprint }) => fingerprint)));
  if (wanted.size === 0) return certificate;
  return { ...certificate, subkeys: certificate.subkeys.filter(({ key }) => wanted.has(key.fingerprint)) };
}
