import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { Fault, readAcknowledgement } from "../core/index.js";
import {
  AuditTrail,
  acknowledge,
  exportSubmissions,
  Ledger,
  listSubmissions,
  packBatch,
  prunable,
  prune,
  StaffFolder,
} from "../pickup/index.js";
import type { StoredSubmission, Submissions } from "../store/index.js";
import { type Config, ConfigError } from "./config.js";
import { openMailboxes, openSubmissions } from "./open-store.js";
import { ProgressBar } from "./progress-bar.js";

export class SubmissionsError extends Fault<"unreadable" | "no_folder"> {}

interface Counter {
  readonly submissions: Submissions;
  readonly ledger: Ledger;
  readonly audit: AuditTrail;
  readonly by: string;
}

/** The store and the staff's folder, beside the running portal. */
async function open(config: Config): Promise<Counter> {
  const submissions = await openSubmissions(config);
  const folder = await StaffFolder.open(config.staff);
  return { submissions, ledger: new Ledger(folder), audit: new AuditTrail(folder), by: `shell:${userInfo().username}` };
}

export interface ExportCommandOptions {
  readonly new?: boolean;
  readonly stdout?: boolean;
}

/** `postern export`: into a folder, where what was copied is marked as collected; or as one tar, which marks nothing. */
export async function exportCommand(
  config: Config,
  folder: string | undefined,
  options: ExportCommandOptions,
): Promise<void> {
  const { submissions, ledger, audit, by } = await open(config);
  const state = await ledger.read();
  const chosen: StoredSubmission[] = [];
  for await (const submission of submissions.list()) {
    if (options.new !== true || state.isNew(submission.id)) chosen.push(submission);
  }
  const sizes = new Map(chosen.map(({ id, bytes }) => [id, bytes]));
  const bar = new ProgressBar(chosen.reduce((sum, { bytes }) => sum + bytes, 0));
  if (options.stdout === true) {
    const tar = packBatch(chosen, submissions, (id) => bar.add(sizes.get(id) ?? 0));
    await pipeline(Readable.fromWeb(tar as NodeReadableStream), process.stdout);
    bar.clear();
    process.stderr.write(
      `${chosen.length} sent; none is marked as collected, since nobody can know here whether it arrived\n`,
    );
    return;
  }
  if (folder === undefined) throw new SubmissionsError("no_folder", "name a folder, or give --stdout");
  const counts = { copied: 0, there: 0 };
  try {
    const options = { folder, by, now: () => new Date(), onCopied: bar.add };
    for await (const { kind } of exportSubmissions(chosen, submissions, ledger, options)) counts[kind] += 1;
  } finally {
    bar.clear();
    const count = counts.copied + counts.there;
    if (count > 0) await audit.add({ who: by, action: "collected", count });
    process.stderr.write(`${counts.copied} copied, ${counts.there} there already, of ${chosen.length}\n`);
  }
}

/** `postern acknowledge`: marks what the desk has opened. Returns whether all of it was the same as here. */
export async function acknowledgeCommand(config: Config, path: string): Promise<boolean> {
  const { submissions, ledger, audit, by } = await open(config);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new SubmissionsError("unreadable", `${path} cannot be read`, { cause });
  });
  const { marked, known, different } = await acknowledge(readAcknowledgement(text), submissions, ledger, new Date());
  await audit.add({ who: by, action: "acknowledged", count: marked });
  for (const id of different) process.stderr.write(`${id}: opened with other contents than here; copy it again\n`);
  process.stdout.write(
    `${marked} marked as opened, ${known} marked before or no longer here, ${different.length} different\n`,
  );
  return different.length === 0;
}

/** What was carried away long ago and never acknowledged was lost on the way, or cannot be opened. */
async function warnOfOverdue({ submissions, ledger }: Counter): Promise<void> {
  const { overdue } = (await listSubmissions(submissions, ledger, new Date())).submissions;
  for (const { id, collected } of overdue) {
    process.stderr.write(`warning: ${id} was collected on ${collected?.day} and never acknowledged\n`);
  }
}

/** `postern prune`: removes what was acknowledged long enough ago, and old replies. */
export async function pruneCommand(config: Config, options: { readonly dryRun?: boolean }): Promise<void> {
  const days = config.retentionDays;
  if (days === null) {
    throw new ConfigError("invalid_configuration", "POSTERN_RETENTION_DAYS: it is not set, so nothing is removed");
  }
  const counter = await open(config);
  const { submissions, ledger, audit, by } = counter;
  await warnOfOverdue(counter);
  const now = new Date();
  if (options.dryRun === true) {
    const gone = await prunable(submissions, ledger, days, now);
    for (const { id, day } of gone) process.stdout.write(`${id}  ${day}\n`);
    process.stderr.write(`${gone.length} would be removed\n`);
    return;
  }
  const gone = await prune(submissions, await openMailboxes(config), ledger, days, now);
  if (gone.submissions.length > 0) await audit.add({ who: by, action: "pruned", count: gone.submissions.length });
  for (const { id, day } of gone.submissions) process.stdout.write(`${id}  ${day}\n`);
  process.stderr.write(`${gone.submissions.length} removed, ${gone.replies} replies removed\n`);
}
