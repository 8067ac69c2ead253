import { DAY_MS, dayOf } from "../core/index.js";
import type { Drafts } from "./drafts.js";
import type { Mailboxes } from "./mailboxes.js";

/**
 * Removes the replies stored more than `days` days before the day of `now`, and returns how many there were.
 * Idempotent, so a server may do it every hour.
 * @param days as configured; null keeps everything
 */
export async function expireOldReplies(mailboxes: Mailboxes, days: number | null, now: Date): Promise<number> {
  if (days === null) return 0;
  return mailboxes.expireReplies(dayOf(new Date(now.getTime() - days * DAY_MS)));
}

/**
 * The same of drafts.
 * @param days as configured; null where none are taken any more: those that are there go at once
 */
export async function expireOldDrafts(drafts: Drafts, days: number | null, now: Date): Promise<number> {
  return drafts.expire(dayOf(new Date(now.getTime() - (days ?? -1) * DAY_MS)));
}
