import { DAY_MS, dayOf } from "../core/index.js";
import {
  expireOldReplies,
  type Mailboxes,
  type StoredSubmission,
  StoreError,
  type Submissions,
} from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

/** After this many days a collected submission without an acknowledgement counts as overdue. */
export const MAX_UNACKNOWLEDGED_DAYS = 14;

export interface Pruned {
  readonly submissions: readonly StoredSubmission[];
  readonly replies: number;
}

/**
 * The submissions that may be deleted: only those acknowledged more than `days` days before the day of `now`.
 * @throws StoreError or StaffFolderError
 */
export async function prunable(
  submissions: Submissions,
  ledger: Ledger,
  days: number,
  now: Date,
): Promise<StoredSubmission[]> {
  const before = dayOf(new Date(now.getTime() - days * DAY_MS));
  const state = await ledger.read();
  const found: StoredSubmission[] = [];
  for await (const submission of submissions.list()) {
    const { opened } = state.of(submission.id);
    if (opened !== null && opened < before) found.push(submission);
  }
  return found;
}

/** Deletes {@link prunable} submissions and expired replies. @throws StoreError or StaffFolderError */
export async function prune(
  submissions: Submissions,
  mailboxes: Mailboxes,
  ledger: Ledger,
  days: number,
  now: Date,
): Promise<Pruned> {
  const gone = await prunable(submissions, ledger, days, now);
  for (const { id } of gone) {
    await submissions.remove(id).catch((cause: unknown) => {
      if (!(cause instanceof StoreError && cause.code === "not_found")) throw cause;
    });
  }
  await ledger.add(gone.map(({ id }) => ({ kind: "removed", id })));
  return { submissions: gone, replies: await expireOldReplies(mailboxes, days, now) };
}
