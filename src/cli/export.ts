import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { Fault } from "../core/index.js";
import { exportSubmissions, packBatch } from "../pickup/index.js";
import type { StoredSubmission, Submissions } from "../store/index.js";
import { type Collection, openCollection } from "./collection.js";
import type { Config } from "./config.js";
import { ProgressBar } from "./progress-bar.js";

export class ExportUsageError extends Fault<"no_folder"> {}

export interface ExportOptions {
  readonly new?: boolean;
  readonly stdout?: boolean;
}

/**
 * `postern export`: copies into a folder and marks each copy as collected, or writes one tar and marks nothing.
 * @throws ExportUsageError
 */
export async function exportTo(folder: string | undefined, config: Config, options: ExportOptions): Promise<void> {
  const collection = await openCollection(config);
  const state = await collection.ledger.read();
  const chosen: StoredSubmission[] = [];
  for await (const submission of collection.submissions.list()) {
    if (options.new !== true || state.isNew(submission.id)) chosen.push(submission);
  }
  if (options.stdout === true) return writeTar(collection.submissions, chosen);
  if (folder === undefined) throw new ExportUsageError("no_folder", "name a folder, or give --stdout");
  await copy(collection, chosen, folder);
}

async function writeTar(submissions: Submissions, chosen: readonly StoredSubmission[]): Promise<void> {
  const sizes = new Map(chosen.map(({ id, bytes }) => [id, bytes]));
  const bar = new ProgressBar(totalBytes(chosen));
  const tar = packBatch(chosen, submissions, (id) => bar.add(sizes.get(id) ?? 0));
  await pipeline(Readable.fromWeb(tar as NodeReadableStream), process.stdout);
  bar.clear();
  process.stderr.write(
    `${chosen.length} sent; none is marked as collected, because postern cannot know whether they arrived\n`,
  );
}

async function copy(
  { submissions, ledger, audit, by }: Collection,
  chosen: readonly StoredSubmission[],
  folder: string,
): Promise<void> {
  const bar = new ProgressBar(totalBytes(chosen));
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

function totalBytes(chosen: readonly StoredSubmission[]): number {
  return chosen.reduce((sum, { bytes }) => sum + bytes, 0);
}
