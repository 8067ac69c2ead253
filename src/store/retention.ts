import { dayOf } from "../core/index.js";
import type { Mailboxes } from "./mailboxes.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Removes the replies that were stored more than `days` days before the day of `now`, and returns how many there were.
 * Doing so again is harmless, so a server may do it every hour.
 * @param days as configured; null keeps everything
 */
export async function expireOldReplies(mailboxes: Mailboxes, days: number | null, now: Date): Promise<number> {
  if (days === null) return 0;
  return mailboxes.expireReplies(dayOf(new Date(now.getTime() - days * DAY_MS)));
}
