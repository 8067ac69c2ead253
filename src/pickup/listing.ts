import { DAY_MS, dayOf } from "../core/index.js";
import type { StoredSubmission, Submissions } from "../store/index.js";
import type { Ledger, Progress } from "./ledger/index.js";
import { MAX_UNACKNOWLEDGED_DAYS } from "./prune.js";

const CHART_DAYS = 30;
export const SHOWS = ["new", "collected", "opened", "overdue", "all"] as const;
export type Show = (typeof SHOWS)[number];

export interface ListedSubmission extends StoredSubmission, Progress {}

/** All stored submissions, grouped by progress. */
export interface Listing {
  /** Sorted by day, then id. */
  readonly submissions: Readonly<Record<Show, readonly ListedSubmission[]>>;
  /** Arrivals on each of the last 30 days, oldest first. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

/** @throws StoreError or StaffFolderError */
export async function listSubmissions(submissions: Submissions, ledger: Ledger, now: Date): Promise<Listing> {
  const state = await ledger.read();
  const late = dayOf(new Date(now.getTime() - MAX_UNACKNOWLEDGED_DAYS * DAY_MS));
  const sorted: Record<Show, ListedSubmission[]> = { new: [], collected: [], opened: [], overdue: [], all: [] };
  const counts = new Map<string, number>();
  for await (const submission of submissions.list()) {
    const progress = state.of(submission.id);
    const listed = { ...submission, ...progress };
    sorted.all.push(listed);
    counts.set(submission.day, (counts.get(submission.day) ?? 0) + 1);
    if (progress.opened !== null) sorted.opened.push(listed);
    else if (progress.collected === null) sorted.new.push(listed);
    else {
      sorted.collected.push(listed);
      if (progress.collected.day <= late) sorted.overdue.push(listed);
    }
  }
  const days = Array.from({ length: CHART_DAYS }, (_unused, index) => {
    const day = dayOf(new Date(now.getTime() - (CHART_DAYS - 1 - index) * DAY_MS));
    return { day, count: counts.get(day) ?? 0 };
  });
  return { submissions: sorted, days };
}
