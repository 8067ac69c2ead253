import { DAY_MS, dayOf } from "../core/index.js";
import {
  expireOldReplies,
  type Mailboxes,
  type StoredSubmission,
  StoreError,
  type Submissions,
} from "../store/index.js";
import type { Ledger } from "./ledger/index.js";

/** Days after which it is told that what was carried away has not been acknowledged. */
export const LONGEST_UNACKNOWLEDGED = 14;

export interface Pruned {
  readonly submissions: readonly StoredSubmission[];
  readonly replies: number;
}

/** What may go: acknowledged by the desk more than `days` days before the day of `now`. Nothing else ever may. */
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

/** Removes what may go, and old replies. @throws StoreError or StaffFolderError */
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
