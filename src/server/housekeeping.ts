import { expireOldDrafts, expireOldReplies } from "../store/index.js";
import type { Context } from "./context.js";

const INTERVAL_MS = 15 * 60 * 1000;
/** The store has removed each upload by then. */
const UPLOAD_AGE_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * Removes what nobody waits for any more, now and every quarter of an hour: abandoned uploads, old replies and drafts.
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
  void sweep();
  const timer = setInterval(sweep, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
