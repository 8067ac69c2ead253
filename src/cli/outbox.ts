import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ACKNOWLEDGEMENT, DELETIONS, Fault, REPLY_SUFFIX, readDeletionList } from "../core/index.js";
import { compareDeletions, removeSubmissions } from "../pickup/index.js";
import { acknowledgeFrom } from "./acknowledge.js";
import { openCollection } from "./collection.js";
import type { Config } from "./config.js";
import { importReplies } from "./replies.js";

export class OutboxError extends Fault<"unreadable" | "empty" | "not_a_list"> {}

export interface OutboxOptions {
  readonly delete?: boolean;
}

/** An acknowledgement of 100 000 submissions takes 12 MiB. */
const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** `postern outbox import`. Returns whether everything in the folder was taken. @throws OutboxError */
export async function importOutbox(config: Config, folder: string, options: OutboxOptions): Promise<boolean> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new OutboxError("unreadable", `${folder} cannot be read`, { cause });
  });
  for (const name of [ACKNOWLEDGEMENT, DELETIONS]) if (names.includes(name)) await checkList(join(folder, name));
  const replies = names.some((name) => name.endsWith(REPLY_SUFFIX));
  if (!replies && !names.includes(ACKNOWLEDGEMENT) && !names.includes(DELETIONS)) {
    throw new OutboxError("empty", `${folder} holds nothing for this server`);
  }
  let whole = true;
  if (replies) whole = (await importReplies(config, folder)) && whole;
  if (names.includes(ACKNOWLEDGEMENT)) whole = (await acknowledgeFrom(join(folder, ACKNOWLEDGEMENT), config)) && whole;
  if (names.includes(DELETIONS)) whole = (await remove(config, join(folder, DELETIONS), options)) && whole;
  return whole;
}

/** The folder comes from a medium that somebody may have had in their hands. */
async function checkList(path: string): Promise<void> {
  const about = await lstat(path);
  if (!about.isFile() || about.size > MAX_LIST_BYTES) {
    throw new OutboxError("not_a_list", `${path} is no file, or too large for a list`);
  }
}

async function remove(config: Config, path: string, options: OutboxOptions): Promise<boolean> {
  const { submissions, ledger, audit, by } = await openCollection(config);
  const asked = readDeletionList(await readFile(path, "utf8"));
  const { ids, gone, different } = await compareDeletions(asked, submissions, ledger);
  for (const id of different) {
    process.stderr.write(`${id}: the desk asks to delete other bytes than the store has; it stays\n`);
  }
  if (options.delete === true && ids.length > 0) {
    const count = await removeSubmissions(ids, submissions, ledger);
    await audit.add({ who: by, action: "deleted", count });
    process.stdout.write(`${count} deleted\n`);
  } else if (ids.length > 0) {
    for (const id of ids) process.stdout.write(`${id}\n`);
    process.stderr.write(`the desk asks to delete these: check with staff, and run it again with --delete\n`);
  }
  process.stdout.write(`${gone} to be deleted are no longer here, ${different.length} different\n`);
  return different.length === 0 && (ids.length === 0 || options.delete === true);
}
