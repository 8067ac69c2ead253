import { dayOf } from "../../core/index.js";
import type { Choice, Refusal } from "./choice.js";
import type { Key } from "./key.js";
import { currentSignature, minuteOf } from "./moment.js";
import { aeadOf, ownSignature, ownSignatures, primaryEnd, WEAK_SIGNATURE } from "./own-signature.js";
import type { SelfSignature } from "./self-signature.js";
import { encrypts, type SubkeyState, stateOf } from "./subkey-state.js";
import type { Verified } from "./verified.js";

/** The one choice of keys at `at` (milliseconds), or why there is none. Everything that encrypts or warns asks this. */
export function judge(certificate: Verified, at: number): Choice | Refusal {
  const refused = judgePrimary(certificate, at);
  if (refused !== null) return refused;
  const own = ownSignature(certificate, at);
  if ("fault" in own) return own;
  const ends = primaryEnd(certificate, own.signature, at);
  if (ends <= at) {
    return renewedLater(ownSignatures(certificate), ends, at) ?? { fault: "expired", why: `expired on ${day(ends)}` };
  }
  const states = certificate.subkeys.map((subkey) => stateOf(subkey, at));
  const usable = states.flatMap((state) => (state.kind === "usable" ? [state] : []));
  const [chosen] = usable
    .filter(({ additional }) => !additional)
    .map(({ key }) => key)
    .sort(newestFirst);
  const main = chosen ?? (encrypts(certificate.primary, own.signature) ? certificate.primary : null);
  if (main === null)
    return refusalOf(
      certificate,
      states.filter(({ additional }) => !additional),
      at,
    );
  const additional = usable.filter((state) => state.additional).map(({ key }) => key);
  return { keys: [main, ...additional.sort(newestFirst)], aead: aeadOf(certificate, own.signature, at) };
}

function judgePrimary({ primary, revocations, mayBeRevoked }: Verified, at: number): Refusal | null {
  if (primary.weak !== null)
    return { fault: "weak_algorithm", why: `uses an algorithm that is too weak: ${primary.weak}` };
  if (mayBeRevoked) return { fault: "revoked", why: "seems to be revoked by somebody whom its owner allowed to" };
  if (revocations.some(({ hard, created }) => hard || created <= at)) {
    return { fault: "revoked", why: "has been revoked" };
  }
  if (primary.created <= at) return null;
  const why = `begins in the future, at ${minuteOf(primary.created)}, while this clock says ${minuteOf(at)}`;
  return { fault: "not_yet_valid", why };
}

/** As GnuPG and openpgp.js choose. */
function newestFirst(left: Key, right: Key): number {
  return (
    right.created - left.created ||
    right.packet.algorithm - left.packet.algorithm ||
    (left.fingerprint < right.fingerprint ? -1 : 1)
  );
}

function refusalOf({ unread, claimsWeak }: Verified, states: readonly SubkeyState[], at: number): Refusal {
  const ended = states.flatMap((state) => (state.kind === "ended" ? [state] : []));
  const begins = states.flatMap((state) => (state.kind === "later" ? [state.begins] : []));
  const weak = states.flatMap((state) => (state.kind === "weak" ? [state.why] : []));
  const last = Math.max(...ended.map(({ ends }) => ends));
  const renewed = renewedLater(
    ended.flatMap(({ bindings }) => bindings),
    last,
    at,
  );
  if (renewed !== null) return renewed;
  if (begins.length > 0) {
    const next = minuteOf(Math.min(...begins));
    if (ended.length > 0) {
      return { fault: "gap", why: `ended at ${minuteOf(last)}, and its next encryption subkey begins at ${next}` };
    }
    const why = `has an encryption subkey that begins in the future, at ${next}, while this clock says ${minuteOf(at)}`;
    return { fault: "not_yet_valid", why };
  }
  const also = weak.length === 0 ? "" : `, and another encryption subkey cannot be used: ${weak.join(", ")}`;
  if (ended.length > 0) return { fault: "expired", why: `expired on ${day(last)}${also}` };
  if (weak.length > 0)
    return { fault: "weak_algorithm", why: `uses an algorithm that is too weak: ${weak.join(", ")}` };
  if (unread.length > 0) return { fault: "unsupported", why: `has no usable encryption key: ${unread.join(", ")}` };
  if (claimsWeak) return WEAK_SIGNATURE;
  const revoked = states.some(({ kind }) => kind === "revoked");
  const why = revoked ? "has only encryption subkeys that have been revoked" : "has no encryption key";
  return { fault: "no_encryption_key", why };
}

/** An expired key with a newer signature that is dated ahead was renewed: then a clock is wrong, not the key. */
function renewedLater(signatures: readonly SelfSignature[], ends: number, at: number): Refusal | null {
  const newest = signatures.reduce((latest, { created }) => Math.max(latest, created), 0);
  if (newest <= at || currentSignature(signatures, newest) === undefined) return null;
  const dated = `was renewed by a signature that is dated ${minuteOf(newest)}, while this clock says ${minuteOf(at)}`;
  return { fault: "not_yet_valid", why: `expired on ${day(ends)}; it ${dated}` };
}

function day(at: number): string {
  return dayOf(new Date(at));
}
