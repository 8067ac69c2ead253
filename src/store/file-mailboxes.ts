import { createHash } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, isMailboxId, PORTAL_SALT_LENGTH, randomHex, startOfDay } from "../core/index.js";
import { cancelling, explain, FOLDER_MODE, isMissing, onKnown, readAll, syncFolder, writeStream } from "./disk.js";
import type { Mailboxes, StoredReply } from "./mailboxes.js";
import { StoreError } from "./store.js";

const FOLDER = "mailboxes";
const SALT = "portal-salt";
const UNFINISHED = ".unfinished-";
/** Mailbox id, dot, reply id. */
const REPLY = /^([a-z2-7]{32})\.([0-9a-f]{32})\.gpg$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ONE_DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Opens the mailboxes of the store in `folder`, which must be there. Unlike the rest of a store, several processes may have
 * them open: replies are imported while the portal runs.
 * @param now for the day that is written on files
 * @throws StoreError
 */
export async function openFileMailboxes(folder: string, now: () => Date = () => new Date()): Promise<Mailboxes> {
  const mailboxes = join(folder, FOLDER);
  try {
    await mkdir(mailboxes, { mode: FOLDER_MODE }).catch((cause: unknown) => {
      if (isMissing(cause)) throw new StoreError("not_found", `there is no store in ${folder}`, { cause });
      if (!isTaken(cause)) throw cause;
    });
    await syncFolder(folder);
    await sweep(mailboxes, now());
    await forgetTime(mailboxes, now());
  } catch (cause) {
    throw explain(cause);
  }
  return new FileMailboxes(mailboxes, now);
}

/**
 * All replies in one folder, as `<mailbox>.<id>.gpg`: there are few of them, and looking for a mailbox that is not there is
 * the same work as for one that is.
 */
class FileMailboxes implements Mailboxes {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async portalSalt(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return (await this.#readSalt()) ?? (await this.#makeSalt());
    } catch (cause) {
      throw explain(cause);
    }
  }

  async putReply(
    mailbox: string,
    ciphertext: ReadableStream<Uint8Array>,
  ): Promise<StoredReply & { readonly known: boolean }> {
    if (!isMailboxId(mailbox)) {
      return cancelling(ciphertext)(new StoreError("not_found", "this is not the id of a mailbox"));
    }
    const unfinished = this.#unfinished();
    const midnight = startOfDay(this.#now());
    try {
      const hash = createHash("sha256");
      const bytes = await writeStream(unfinished, ciphertext, midnight, (chunk) => hash.update(chunk));
      const id = hash.digest("hex").slice(0, 32);
      const known = await this.#stat(mailbox, id);
      if (known === null) await rename(unfinished, this.#path(mailbox, id));
      else await rm(unfinished);
      // Also if it was known: whoever put it may not have come this far yet.
      await syncFolder(this.#folder);
      await this.#forgetTime();
      return known === null ? { id, bytes, day: dayOf(midnight), known: false } : { ...known, known: true };
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      await this.#forgetTime().catch(() => undefined);
      throw explain(cause);
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

  async getReply(mailbox: string, id: string): Promise<ReadableStream<Uint8Array>> {
    return readAll(await this.#onKnown(mailbox, id, (path) => open(path, "r")));
  }

  async removeReply(mailbox: string, id: string): Promise<void> {
    await this.#onKnown(mailbox, id, unlink);
    await syncFolder(this.#folder);
    await this.#forgetTime();
  }

  async expireReplies(before: string): Promise<number> {
    if (!DAY.test(before)) throw new RangeError(`expected a day as YYYY-MM-DD, got ${before}`);
    let removed = 0;
    for (const { mailbox, id } of await this.#all()) {
      const about = await this.#stat(mailbox, id);
      if (about === null || about.day >= before) continue;
      await rm(this.#path(mailbox, id), { force: true });
      removed += 1;
    }
    if (removed > 0) {
      await syncFolder(this.#folder);
      await this.#forgetTime();
    }
    return removed;
  }

  async #all(): Promise<readonly { readonly mailbox: string; readonly id: string }[]> {
    const names = await readdir(this.#folder).catch((cause: unknown) => {
      throw explain(cause);
    });
    return names.flatMap((name) => {
      const [, mailbox, id] = REPLY.exec(name) ?? [];
      return mailbox === undefined || id === undefined ? [] : [{ mailbox, id }];
    });
  }

  /** Null if it is not there, or no longer: another process may have removed it since it was listed. */
  async #stat(mailbox: string, id: string): Promise<StoredReply | null> {
    try {
      const { size, mtime } = await stat(this.#path(mailbox, id));
      return { id, bytes: size, day: dayOf(mtime) };
    } catch (cause) {
      if (isMissing(cause)) return null;
      throw explain(cause);
    }
  }

  /** Null if there is none yet. A salt that is damaged is never made anew: every receipt code would lose its mailbox. */
  async #readSalt(): Promise<Uint8Array<ArrayBuffer> | null> {
    const path = join(this.#folder, SALT);
    const salt = await readFile(path).catch((cause: unknown) => {
      if (isMissing(cause)) return null;
      throw cause;
    });
    if (salt === null) return null;
    if (salt.length !== PORTAL_SALT_LENGTH) {
      throw new StoreError("io", `the portal salt in ${path} is damaged; put it back from a backup`);
    }
    return new Uint8Array(salt);
  }

  async #makeSalt(): Promise<Uint8Array<ArrayBuffer>> {
    const unfinished = this.#unfinished();
    const salt = crypto.getRandomValues(new Uint8Array(PORTAL_SALT_LENGTH));
    try {
      await writeStream(unfinished, new Blob([salt]).stream(), startOfDay(this.#now()));
      // A link is made whole, and by one process only: like O_EXCL, but nobody can ever read half a salt.
      await link(unfinished, join(this.#folder, SALT)).catch((cause: unknown) => {
        if (!isTaken(cause)) throw cause;
      });
    } finally {
      await rm(unfinished, { force: true });
    }
    await syncFolder(this.#folder);
    await this.#forgetTime();
    const made = await this.#readSalt();
    if (made === null) throw new StoreError("io", "the portal salt is gone as soon as it was made");
    return made;
  }

  async #onKnown<Result>(mailbox: string, id: string, act: (path: string) => Promise<Result>): Promise<Result> {
    // What is not a mailbox's id must not become part of a path.
    if (!isMailboxId(mailbox)) throw new StoreError("not_found", "there is nothing under this id");
    return onKnown(id, this.#path(mailbox, id), act);
  }

  async #forgetTime(): Promise<void> {
    await forgetTime(this.#folder, this.#now());
  }

  #unfinished(): string {
    return join(this.#folder, UNFINISHED + randomHex(16));
  }

  #path(mailbox: string, id: string): string {
    return join(this.#folder, `${mailbox}.${id}.gpg`);
  }
}

/** Removes what a killed process left. What is younger may be another's work of this moment. */
async function sweep(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const about = await stat(join(folder, name)).catch(() => null);
    if (about !== null && now.getTime() - about.mtime.getTime() > ONE_DAY_MS) {
      await rm(join(folder, name), { force: true });
    }
  }
}

async function forgetTime(folder: string, now: Date): Promise<void> {
  const midnight = startOfDay(now);
  await utimes(folder, midnight, midnight);
}

function isTaken(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "EEXIST";
}
