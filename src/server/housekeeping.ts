import { expireOldDrafts, expireOldReplies } from "../store/index.js";
import type { Shortage } from "./admission/index.js";
import type { Context } from "./context.js";
import { SHORTAGES } from "./health.js";

const INTERVAL_MS = 15 * 60 * 1000;
const SPACE_INTERVAL_MS = 60 * 1000;
/** The store has removed each upload by then. */
const UPLOAD_AGE_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * Removes what nobody waits for any more, now and every quarter of an hour: abandoned uploads, old replies and drafts.
 * Logs each minute whether the room for submissions has ended, or is there again.
 * @returns how to stop it
 */
export function keepHouse({ store, capacity, config, log, now }: Context): () => void {
  const sweep = async () => {
    try {
      await store.uploads.sweep(now());
      capacity.uploads.expire(UPLOAD_AGE_MS);
      await expireOldReplies(store.mailboxes, config.retentionDays, now());
      await expireOldDrafts(store.drafts, config.draftDays, now());
      log.mended("sweeping");
    } catch (cause) {
      log.failing("sweeping", "io", cause);
    }
  };
  let short: Shortage = null;
  const watchSpace = async () => {
    // Where the store does not answer, what asks it for more than figures says so.
    const shortage = await capacity.shortage(0).catch(() => short);
    // "incoming" would tell of submitters.
    const told = shortage === "disk" || shortage === "store" ? shortage : null;
    if (told === short) return;
    short = told;
    if (told === null) log.info("there is room for submissions again");
    else log.warn(`${SHORTAGES[told]}: submissions are refused`);
  };
  void sweep();
  void watchSpace();
  const timers = [setInterval(sweep, INTERVAL_MS), setInterval(watchSpace, SPACE_INTERVAL_MS)];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}
