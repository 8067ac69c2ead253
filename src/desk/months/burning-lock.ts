import { Fault } from "../../core/index.js";
import { LOCK_FAULTS, type LockFault, withLock } from "../../files/index.js";

/** `locked`: another process burns a month at this moment, or has done so meanwhile. */
export class BurningLockError extends Fault<"locked"> {}

/** A process that was killed leaves its lock, which counts for so long. */
const STALE_MS = 5_000;
const WHAT_THEN: Readonly<Record<LockFault, string>> = {
  held: "or its folder is read-only",
  lost: "so a month may be back in it; burn again",
};
const RETRIES = { retries: 8, minTimeout: 250, maxTimeout: 2_000 };

/** Runs `burn` while no other process replaces `keyFile`. @throws BurningLockError */
export async function whileLocked<T>(keyFile: string, burn: () => Promise<T>): Promise<T> {
  const failed = (fault: LockFault, cause: unknown) =>
    new BurningLockError("locked", `${keyFile} ${LOCK_FAULTS[fault]}, ${WHAT_THEN[fault]}`, { cause });
  return withLock({ path: `${keyFile}.lock`, staleMs: STALE_MS, retries: RETRIES }, burn, failed);
}
