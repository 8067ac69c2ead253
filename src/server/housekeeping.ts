import type { OperatorLog } from "../http/index.js";
import { expireOldReplies } from "../store/index.js";
import type { UploadStore } from "./upload-store.js";

const INTERVAL_MS = 60 * 60 * 1000;

export interface HousekeepingParts {
  readonly store: UploadStore;
  /** Days that replies are kept; null for ever. */
  readonly retentionDays: number | null;
  readonly log: OperatorLog;
  readonly now: () => Date;
}

/**
 * Removes what nobody waits for any more, now and every hour: abandoned uploads and old replies.
 * @returns how to stop it
 */
export function keepHouse({ store, retentionDays, log, now }: HousekeepingParts): () => void {
  const sweep = async () => {
    try {
      await store.uploads.sweep(now());
      await expireOldReplies(store.mailboxes, retentionDays, now());
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
