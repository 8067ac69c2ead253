import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Fault, REPLY_SUFFIX } from "../core/index.js";
import { MAX_REPLY_MESSAGE_BYTES } from "../openpgp/index.js";
import { importReply } from "../pickup/index.js";
import { expireOldReplies, type Mailboxes } from "../store/index.js";
import { type Config, ConfigError } from "./config.js";
import { openMailboxes } from "./open-store.js";
import { failureLine, printable } from "./printable.js";

export class RepliesError extends Fault<"unreadable" | "not_a_file" | "too_large"> {}

/** `postern replies import`: one line per reply. Returns whether the store has all of them. @throws RepliesError */
export async function importReplies(config: Config, folder: string): Promise<boolean> {
  const mailboxes = await openMailboxes(config);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new RepliesError("unreadable", `${folder} cannot be read`, { cause });
  });
  const replies = names.filter((name) => name.endsWith(REPLY_SUFFIX)).sort();
  const counts = { imported: 0, known: 0, failed: 0 };
  for (const name of replies) {
    const path = join(folder, name);
    try {
      const { id, known } = await importFile(mailboxes, path, name);
      counts[known ? "known" : "imported"] += 1;
      process.stdout.write(`${printable(path)} -> ${id}${known ? " (imported before)" : ""}\n`);
    } catch (cause) {
      counts.failed += 1;
      process.stderr.write(failureLine(path, cause));
    }
  }
  process.stderr.write(`${counts.imported} imported, ${counts.known} imported before, ${counts.failed} failed\n`);
  if (replies.length === 0) process.stderr.write(`found no file ending in ${REPLY_SUFFIX}\n`);
  return counts.failed === 0 && replies.length > 0;
}

/** `postern replies expire`: removes replies older than POSTERN_RETENTION_DAYS. @throws ConfigError if that is unset */
export async function expireReplies(config: Config): Promise<void> {
  if (config.retentionDays === null) {
    const message = "POSTERN_RETENTION_DAYS: must be set for this command, to the days that replies are kept";
    throw new ConfigError("invalid_configuration", message);
  }
  const removed = await expireOldReplies(await openMailboxes(config), config.retentionDays, new Date());
  process.stdout.write(`${removed} removed\n`);
}

async function importFile(mailboxes: Mailboxes, path: string, name: string) {
  const about = await lstat(path);
  if (!about.isFile()) throw new RepliesError("not_a_file", "not a regular file");
  if (about.size > MAX_REPLY_MESSAGE_BYTES) throw new RepliesError("too_large", "too large for a reply");
  return importReply(mailboxes, name, Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
}
