import type { SelfSignature } from "./self-signature.js";

/** The signature of `signatures`, the newest first, that counts at `at` (milliseconds). */
export function currentSignature(signatures: readonly SelfSignature[], at: number): SelfSignature | undefined {
  return signatures.find(({ created, ends }) => created <= at && at < ends);
}

/** Those of `signatures` that may come to count at `from` or later. */
export function lastingSignatures(signatures: readonly SelfSignature[], from: number): SelfSignature[] {
  const lasting: SelfSignature[] = [];
  for (const signature of signatures) {
    if (signature.ends > from) lasting.push(signature);
    // Those before it count only once it has ended.
    if (signature.created <= from && signature.ends === Number.POSITIVE_INFINITY) break;
  }
  return lasting;
}

/** Such as `2026-03-01 12:05 UTC`: keys begin and end within a day. */
export function minuteOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
