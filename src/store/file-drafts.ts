import { open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, isMailboxId, randomHex, startOfDay } from "../core/index.js";
import { nullIfMissing, syncFolder } from "../files/index.js";
import { cancelAndThrow, makeFolder, readAll, throwStoreError, toStoreError, UNFINISHED, writeStream } from "./disk.js";
import type { Drafts, StoredDraft } from "./drafts.js";
import { notFound } from "./not-found.js";
import { StoreError } from "./store.js";

const FOLDER = "drafts";
const NAME = /^([a-z2-7]{32})\.gpg$/;

/**
 * Opens the drafts of the store in `folder`, which must exist. Only one process may have them open.
 * @throws StoreError
 */
export async function openFileDrafts(folder: string, now: () => Date): Promise<Drafts> {
  const drafts = join(folder, FOLDER);
  try {
    await makeFolder(drafts);
    for (const name of await readdir(drafts)) if (name.startsWith(UNFINISHED)) await rm(join(drafts, name));
    await syncFolder(folder);
    await syncFolder(drafts, startOfDay(now()));
  } catch (cause) {
    throw toStoreError(cause);
  }
  return new FileDrafts(drafts, now);
}

/** One file for each draft, as `<mailbox>.gpg`. */
class FileDrafts implements Drafts {
  readonly #folder: string;
  readonly #now: () => Date;

  constructor(folder: string, now: () => Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async put(mailbox: string, ciphertext: ReadableStream<Uint8Array>): Promise<StoredDraft> {
    if (!isMailboxId(mailbox)) {
      return cancelAndThrow(ciphertext)(new StoreError("not_found", "this is not the id of a mailbox"));
    }
    const unfinished = join(this.#folder, UNFINISHED + randomHex(16));
    const midnight = startOfDay(this.#now());
    try {
      const bytes = await writeStream(unfinished, ciphertext, midnight);
      await rename(unfinished, this.#path(mailbox));
      await this.#sync();
      return { bytes, day: dayOf(midnight) };
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      await this.#sync().catch(() => undefined);
      throw toStoreError(cause);
    }
  }

  async find(mailbox: string): Promise<StoredDraft | null> {
    if (!isMailboxId(mailbox)) return null;
    const about = await stat(this.#path(mailbox)).catch(nullIfMissing).catch(throwStoreError);
    return about === null ? null : { bytes: about.size, day: dayOf(about.mtime) };
  }

  async get(mailbox: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    // A malformed mailbox id must not become part of a path.
    if (!isMailboxId(mailbox)) throw notFound();
    const file = await open(this.#path(mailbox), "r").catch(nullIfMissing).catch(throwStoreError);
    if (file === null) throw notFound();
    return readAll(file, from);
  }

  async remove(mailbox: string): Promise<void> {
    if ((await this.find(mailbox)) === null) throw notFound();
    await unlink(this.#path(mailbox)).catch(nullIfMissing).catch(throwStoreError);
    await this.#sync().catch(throwStoreError);
  }

  async used(): Promise<number> {
    let used = 0;
    for await (const { bytes } of this.#all()) used += bytes;
    return used;
  }

  async expire(before: string): Promise<number> {
    let removed = 0;
    for await (const { mailbox, day } of this.#all()) {
      if (day >= before) continue;
      await rm(this.#path(mailbox), { force: true }).catch(throwStoreError);
      removed += 1;
    }
    if (removed > 0) await this.#sync().catch(throwStoreError);
    return removed;
  }

  async *#all(): AsyncGenerator<StoredDraft & { readonly mailbox: string }> {
    for (const name of await readdir(this.#folder).catch(throwStoreError)) {
      const mailbox = NAME.exec(name)?.[1];
      const found = mailbox === undefined ? null : await this.find(mailbox);
      if (mailbox !== undefined && found !== null) yield { mailbox, ...found };
    }
  }

  /** Syncs the names, and sets the folder's time to the day. */
  #sync(): Promise<void> {
    return syncFolder(this.#folder, startOfDay(this.#now()));
  }

  #path(mailbox: string): string {
    return join(this.#folder, `${mailbox}.gpg`);
  }
}
