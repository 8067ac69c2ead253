import { createHash } from "node:crypto";
import { open, readdir, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS, dayOf, isDay, isMailboxId, PORTAL_SALT_LENGTH, randomHex, startOfDay } from "../core/index.js";
import { isMissing, nullIfMissing, syncFolder } from "../files/index.js";
import {
  cancelAndThrow,
  makeFolder,
  orNotFound,
  readAll,
  throwStoreError,
  toStoreError,
  UNFINISHED,
  writeStream,
} from "./disk.js";
import type { Mailboxes, StoredReply } from "./mailboxes.js";
import { notFound } from "./not-found.js";
import { createPortalSalt, readPortalSalt } from "./portal-salt.js";
import { StoreError } from "./store.js";

const FOLDER = "mailboxes";
/** Mailbox id, dot, reply id. */
const REPLY = /^([a-z2-7]{32})\.([0-9a-f]{32})\.gpg$/;

/**
 * Opens the mailboxes of the store in `folder`, which must exist. Unlike the rest of a store, several processes may
 * have them open: replies are imported while the portal runs.
 * @param now for the day that becomes the time of files
 * @throws StoreError
 */
export async function openFileMailboxes(folder: string, now: () => Date = () => new Date()): Promise<Mailboxes> {
  const mailboxes = join(folder, FOLDER);
  try {
    await makeFolder(mailboxes).catch((cause: unknown) => {
      throw isMissing(cause) ? new StoreError("not_found", `there is no store in ${folder}`, { cause }) : cause;
    });
    await syncFolder(folder);
    await sweep(mailboxes, now());
    await truncateTime(mailboxes, now());
  } catch (cause) {
    throw toStoreError(cause);
  }
  return new FileMailboxes(mailboxes, now);
}

/**
 * All replies in one folder, as `<mailbox>.<id>.gpg`. There are few, and a lookup costs the same whether or not the
 * mailbox has replies.
 */
class FileMailboxes implements Mailboxes {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async portalSalt(): Promise<Uint8Array<ArrayBuffer>> {
    const made = () => crypto.getRandomValues(new Uint8Array(PORTAL_SALT_LENGTH));
    return (await this.storedSalt()) ?? (await this.adoptSalt(made()));
  }

  async storedSalt(): Promise<Uint8Array<ArrayBuffer> | null> {
    return readPortalSalt(this.#folder).catch(throwStoreError);
  }

  async adoptSalt(salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const counts = await createPortalSalt(this.#folder, salt, this.#now());
      await this.#truncateTime();
      return counts;
    } catch (cause) {
      throw toStoreError(cause);
    }
  }

  async putReply(
    mailbox: string,
    ciphertext: ReadableStream<Uint8Array>,
  ): Promise<StoredReply & { readonly known: boolean }> {
    if (!isMailboxId(mailbox)) {
      return cancelAndThrow(ciphertext)(new StoreError("not_found", "this is not the id of a mailbox"));
    }
    const unfinished = join(this.#folder, UNFINISHED + randomHex(16));
    const midnight = startOfDay(this.#now());
    try {
      const hash = createHash("sha256");
      const bytes = await writeStream(unfinished, ciphertext, midnight, (chunk) => hash.update(chunk));
      const id = hash.digest("hex").slice(0, 32);
      const known = await this.#stat(mailbox, id);
      if (known === null) await rename(unfinished, this.#path(mailbox, id));
      else await rm(unfinished);
      // For a known reply too: the process that put it may not have synced it yet.
      await syncFolder(this.#folder);
      await this.#truncateTime();
      return known === null ? { id, bytes, day: dayOf(midnight), known: false } : { ...known, known: true };
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      await this.#truncateTime().catch(() => undefined);
      throw toStoreError(cause);
    }
  }

  async listReplies(mailbox: string): Promise<readonly StoredReply[]> {
    const found: StoredReply[] = [];
    for (const reply of await this.#all()) {
      if (reply.mailbox !== mailbox) continue;
      const about = await this.#stat(reply.mailbox, reply.id);
      if (about !== null) found.push(about);
    }
    return found.sort((left, right) => left.day.localeCompare(right.day) || left.id.localeCompare(right.id));
  }

  async *allReplies(): AsyncIterable<StoredReply & { readonly mailbox: string }> {
    for (const { mailbox, id } of await this.#all()) {
      const about = await this.#stat(mailbox, id);
      if (about !== null) yield { ...about, mailbox };
    }
  }

  async getReply(mailbox: string, id: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    return readAll(await this.#orNotFound(mailbox, id, (path) => open(path, "r")), from);
  }

  async removeReply(mailbox: string, id: string): Promise<void> {
    await this.#orNotFound(mailbox, id, unlink);
    await syncFolder(this.#folder);
    await this.#truncateTime();
  }

  async expireReplies(before: string): Promise<number> {
    if (!isDay(before)) throw new RangeError(`expected a day as YYYY-MM-DD, got ${before}`);
    let removed = 0;
    for (const { mailbox, id } of await this.#all()) {
      const about = await this.#stat(mailbox, id);
      if (about === null || about.day >= before) continue;
      await rm(this.#path(mailbox, id), { force: true });
      removed += 1;
    }
    if (removed > 0) {
      await syncFolder(this.#folder);
      await this.#truncateTime();
    }
    return removed;
  }

  async #all(): Promise<readonly { readonly mailbox: string; readonly id: string }[]> {
    const names = await readdir(this.#folder).catch(throwStoreError);
    return names.flatMap((name) => {
      const [, mailbox, id] = REPLY.exec(name) ?? [];
      return mailbox === undefined || id === undefined ? [] : [{ mailbox, id }];
    });
  }

  /** Null if it does not exist: another process may have removed it since it was listed. */
  async #stat(mailbox: string, id: string): Promise<StoredReply | null> {
    const about = await stat(this.#path(mailbox, id)).catch(nullIfMissing).catch(throwStoreError);
    return about === null ? null : { id, bytes: about.size, day: dayOf(about.mtime) };
  }

  async #orNotFound<Result>(mailbox: string, id: string, act: (path: string) => Promise<Result>): Promise<Result> {
    // A malformed mailbox id must not become part of a path.
    if (!isMailboxId(mailbox)) throw notFound();
    return orNotFound(id, this.#path(mailbox, id), act);
  }

  async #truncateTime(): Promise<void> {
    await truncateTime(this.#folder, this.#now());
  }

  #path(mailbox: string, id: string): string {
    return join(this.#folder, `${mailbox}.${id}.gpg`);
  }
}

/** Removes the leftovers of killed processes. Younger files may be in use by another process. */
async function sweep(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const about = await stat(join(folder, name)).catch(() => null);
    if (about !== null && now.getTime() - about.mtime.getTime() > DAY_MS) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/** Sets the folder's time to the day. */
async function truncateTime(folder: string, now: Date): Promise<void> {
  const midnight = startOfDay(now);
  await utimes(folder, midnight, midnight);
}
