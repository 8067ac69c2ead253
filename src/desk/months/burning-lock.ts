import { lock } from "proper-lockfile";
import { Fault } from "../../core/index.js";

/** `locked`: another process burns a month at this moment. */
export class BurningLockError extends Fault<"locked"> {}

/** A process that was killed leaves its lock, which counts for so long. */
const STALE_MS = 5_000;
const RETRIES = { retries: 8, minTimeout: 250, maxTimeout: 2_000 };

/** Runs `burn` while no other process replaces `keyFile`. @throws BurningLockError */
export async function whileLocked<T>(keyFile: string, burn: () => Promise<T>): Promise<T> {
  const release = await lock(keyFile, {
    lockfilePath: `${keyFile}.lock`,
    realpath: false,
    stale: STALE_MS,
    retries: RETRIES,
  }).catch((cause: unknown) => {
    throw new BurningLockError("locked", `${keyFile} is in use by another process, or its folder is read-only`, {
      cause,
    });
  });
  try {
    return await burn();
  } finally {
    await release().catch(() => undefined);
  }
}
