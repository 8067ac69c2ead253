import { createReadStream } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Fault, LARGEST_REPLY_MESSAGE, messageGuard, REPLY_SUFFIX, readReplyFileName } from "../core/index.js";
import { expireOldReplies, type Mailboxes, openFileMailboxes } from "../store/index.js";
import { type Config, ConfigError } from "./config.js";
import { failureLine, printable } from "./printable.js";

export class RepliesError extends Fault<"unreadable" | "bad_name" | "not_a_file" | "too_large" | "wrong_user"> {}

/** `postern replies import`: one line per reply. Returns whether all of them are in the store. */
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
      const { id, known } = await importReply(mailboxes, path, name);
      counts[known ? "known" : "imported"] += 1;
      process.stdout.write(`${printable(path)} -> ${id}${known ? " (imported before)" : ""}\n`);
    } catch (cause) {
      counts.failed += 1;
      process.stderr.write(failureLine(path, cause instanceof Error ? cause : new Error(String(cause))));
    }
  }
  process.stderr.write(`${counts.imported} imported, ${counts.known} imported before, ${counts.failed} failed\n`);
  if (replies.length === 0) process.stderr.write(`no file ending in ${REPLY_SUFFIX} was found there\n`);
  return counts.failed === 0 && replies.length > 0;
}

/** `postern replies expire`: removes the replies that are older than is configured. */
export async function expireReplies(config: Config): Promise<void> {
  if (config.retentionDays === null) {
    throw new ConfigError("invalid_configuration", "POSTERN_RETENTION_DAYS: it is not set, so no reply expires");
  }
  const removed = await expireOldReplies(await openMailboxes(config), config.retentionDays, new Date());
  process.stdout.write(`${removed} removed\n`);
}

/** The portal cannot read what another user puts into its store. */
async function openMailboxes({ store }: Config): Promise<Mailboxes> {
  process.umask(0o077);
  const owner = await stat(store).then(
    ({ uid }) => uid,
    () => null,
  );
  if (owner !== null && process.geteuid !== undefined && process.geteuid() !== owner) {
    throw new RepliesError("wrong_user", `${store} belongs to another user; run this as the one that runs the portal`);
  }
  return openFileMailboxes(store);
}

async function importReply(mailboxes: Mailboxes, path: string, name: string) {
  const about = readReplyFileName(name);
  if (about === null) {
    throw new RepliesError("bad_name", `the name of a reply is a mailbox, a number and ${REPLY_SUFFIX}`);
  }
  const { size, isFile } = await lstat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
  if (!isFile) throw new RepliesError("not_a_file", "this is not a file");
  if (size > LARGEST_REPLY_MESSAGE) throw new RepliesError("too_large", "this is too large for a reply");
  const content = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  return mailboxes.putReply(about.mailbox, content.pipeThrough(messageGuard("password")));
}
