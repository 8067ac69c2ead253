import { listSubmissions, prunable, prune } from "../pickup/index.js";
import { type Collection, openCollection } from "./collection.js";
import { type Config, ConfigError } from "./config.js";
import { openMailboxes } from "./open-store.js";

export interface PruneOptions {
  readonly dryRun?: boolean;
}

/**
 * `postern prune`: removes submissions acknowledged more than POSTERN_RETENTION_DAYS ago, and replies of that age.
 * @throws ConfigError if that is unset
 */
export async function pruneStore(config: Config, { dryRun = false }: PruneOptions): Promise<void> {
  const days = config.retentionDays;
  if (days === null) {
    const message = "POSTERN_RETENTION_DAYS: must be set for this command, to the days that submissions are kept";
    throw new ConfigError("invalid_configuration", message);
  }
  const collection = await openCollection(config);
  const { submissions, ledger, audit, by } = collection;
  await warnOfOverdue(collection);
  const now = new Date();
  if (dryRun) {
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

/** A submission collected long ago but never acknowledged was lost on the way, or cannot be opened. */
async function warnOfOverdue({ submissions, ledger }: Collection): Promise<void> {
  const { overdue } = (await listSubmissions(submissions, ledger, new Date())).submissions;
  for (const { id, collected } of overdue) {
    process.stderr.write(`warning: ${id} was collected on ${collected?.day} and never acknowledged\n`);
  }
}
