import { Ledger, type LedgerState, StaffFolder } from "../pickup/ledger/index.js";
import type { StoredSubmission, Submissions } from "../store/index.js";
import type { Config } from "./config.js";
import { openSubmissions } from "./open-store.js";

/** `postern list`: one line per submission. */
export async function list(config: Config, options: { readonly new?: boolean }): Promise<void> {
  const submissions = await openSubmissions(config);
  const ledger = new Ledger(await StaffFolder.open(config.staff));
  // In parallel: listing waits for the disk while the ledger computes.
  const [all, state] = await Promise.all([collect(submissions), ledger.read()]);
  const lines = all
    .filter(({ id }) => options.new !== true || state.isNew(id))
    .map(({ id, day, bytes }) => `${id}  ${day}  ${bytes}  ${progressOf(state, id)}\n`);
  process.stdout.write(lines.join(""));
  process.stderr.write(`${lines.length} ${lines.length === 1 ? "submission" : "submissions"}\n`);
}

async function collect(submissions: Submissions): Promise<StoredSubmission[]> {
  const found: StoredSubmission[] = [];
  for await (const submission of submissions.list()) found.push(submission);
  return found;
}

function progressOf(state: LedgerState, id: string): string {
  const { collected, opened } = state.of(id);
  if (opened !== null) return `opened ${opened}`;
  return collected === null ? "new" : `collected ${collected.day} ${collected.by}`;
}
