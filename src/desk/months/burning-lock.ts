import { Fault } from "../../core/index.js";
import { withLock } from "../../files/index.js";

/** `locked`: another process burns a month at this moment. */
export class BurningLockError extends Fault<"locked"> {}

/** A process that was killed leaves its lock, which counts for so long. */
const STALE_MS = 5_000;
const RETRIES = { retries: 8, minTimeout: 250, maxTimeout: 2_000 };

/** Runs `burn` while no other process replaces `keyFile`. @throws BurningLockError */
export async function whileLocked<T>(keyFile: string, burn: () => Promise<T>): Promise<T> {
  return withLock({ path: `${keyFile}.lock`, staleMs: STALE_MS, retries: RETRIES }, burn, (fault, cause) => {
    const what =
      fault === "held"
        ? "is in use by another process, or its folder is read-only"
        : "was in use by another process meanwhile, so a month may be back in it; burn again";
    return new BurningLockError("locked", `${keyFile} ${what}`, { cause });
  });
}
