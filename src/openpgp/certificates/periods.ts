import type { Choice, Refusal } from "./choice.js";
import { judge } from "./judgement.js";
import { ownSignatures } from "./own-signature.js";
import type { Verified } from "./verified.js";

/** A stretch of time with one choice, or none for one reason. Times are milliseconds. */
export interface Period {
  readonly from: number;
  /** Not included; infinite for the last one. */
  readonly until: number;
  readonly choice: Choice | Refusal;
}

/** All time from `from` on, cut where the choice changes: what is known of it today. */
export function periodsFrom(certificate: Verified, from: number): readonly [Period, ...Period[]] {
  let last: Period = { from, until: Number.POSITIVE_INFINITY, choice: judge(certificate, from) };
  const before: Period[] = [];
  for (const moment of momentsAfter(certificate, from)) {
    const choice = judge(certificate, moment);
    if (isSame(choice, last.choice)) continue;
    before.push({ ...last, until: moment });
    last = { from: moment, until: Number.POSITIVE_INFINITY, choice };
  }
  const [first = last, ...rest] = [...before, last];
  return [first, ...rest];
}

/** Every moment after `from` at which something begins or ends. */
function momentsAfter(certificate: Verified, from: number): number[] {
  const { primary, revocations, users, subkeys } = certificate;
  const own = ownSignatures(certificate);
  const bindings = subkeys.flatMap(({ key, bindings }) => bindings.map((binding) => ({ key, binding })));
  const signatures = [
    ...own,
    ...revocations,
    ...users.flatMap((user) => user.revocations),
    ...subkeys.flatMap((subkey) => [...subkey.bindings, ...subkey.revocations]),
  ];
  const moments = [
    primary.created,
    ...own.map(({ keyLifetime }) => primary.created + keyLifetime),
    ...bindings.flatMap(({ key, binding }) => [key.created, key.created + binding.keyLifetime]),
    ...signatures.flatMap(({ created, ends }) => [created, ends]),
  ];
  return [...new Set(moments)].filter((at) => at > from && Number.isFinite(at)).sort((a, b) => a - b);
}

function isSame(left: Choice | Refusal, right: Choice | Refusal): boolean {
  if ("fault" in left || "fault" in right) return "fault" in left && "fault" in right && left.fault === right.fault;
  return left.aead === right.aead && namesOf(left) === namesOf(right);
}

function namesOf({ keys }: Choice): string {
  return keys.map(({ fingerprint }) => fingerprint).join();
}
