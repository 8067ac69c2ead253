import { Fault } from "../core/index.js";
import type { Mailboxes } from "./mailboxes.js";
import { nullIfNotFound } from "./not-found.js";
import type { Store, Submissions } from "./store.js";

/** `other_salt`: receipt codes of the two stores lead to different mailboxes. `differs`: not what was copied. */
export class StoreCopyError extends Fault<"other_salt" | "differs"> {}

export interface CopySource {
  readonly submissions: Submissions;
  readonly mailboxes: Mailboxes;
}

export interface CopyTarget {
  readonly submissions: Store;
  readonly mailboxes: Mailboxes;
}

export interface CopyCounts {
  readonly submissions: number;
  readonly replies: number;
  /** What the target had already. */
  readonly known: number;
}

/**
 * Copies the portal's salt, all submissions and all replies, with their ids and days. Leaves what is in the target, so
 * that a copy that was interrupted may be run again.
 * @param openTarget opens the target with the clock that its days are taken from
 * @throws StoreCopyError or StoreError; what has been copied stays
 */
export async function copyStore(
  from: CopySource,
  openTarget: (now: () => Date) => Promise<CopyTarget>,
): Promise<CopyCounts> {
  let day = new Date();
  const to = await openTarget(() => day);
  await copySalt(from.mailboxes, to.mailboxes);
  let [submissions, replies, known] = [0, 0, 0];
  for await (const { id, bytes, day: stored } of from.submissions.list()) {
    day = new Date(stored);
    const there = await to.submissions.find(id).catch(nullIfNotFound);
    const copied = there ?? (await to.submissions.put(await from.submissions.get(id), id));
    if (copied.bytes !== bytes) throw differs(`submission ${id}`, copied.bytes, bytes);
    if (there === null) submissions += 1;
    else known += 1;
  }
  for await (const { mailbox, id, day: stored } of from.mailboxes.allReplies()) {
    day = new Date(stored);
    const copied = await to.mailboxes.putReply(mailbox, await from.mailboxes.getReply(mailbox, id));
    // An id is the beginning of a digest.
    if (copied.id !== id) throw new StoreCopyError("differs", `a reply's contents are not what its name says`);
    if (copied.known) known += 1;
    else replies += 1;
  }
  return { submissions, replies, known };
}

async function copySalt(from: Mailboxes, to: Mailboxes): Promise<void> {
  const salt = await from.storedSalt();
  if (salt === null) return;
  const counts = await to.adoptSalt(salt);
  if (Buffer.from(salt).equals(counts)) return;
  throw new StoreCopyError("other_salt", "the target has another salt, so receipt codes of both cannot work in it");
}

function differs(what: string, found: number, expected: number): StoreCopyError {
  return new StoreCopyError("differs", `${what} has ${found} bytes in the target, and ${expected} in the source`);
}
