import { dayOf, isMailboxId } from "../../core/index.js";
import { cancelAndThrow } from "../disk.js";
import type { Drafts, StoredDraft } from "../drafts.js";
import { notFound } from "../not-found.js";
import { StoreError } from "../store.js";
import type { Bucket } from "./bucket.js";

const DRAFTS = "drafts/";
const KEY = /^drafts\/([a-z2-7]{32})\.(\d{4}-\d{2}-\d{2})\.gpg$/;

interface Found extends StoredDraft {
  readonly key: string;
}

/** Drafts as one object each, named after mailbox and day. */
export class S3Drafts implements Drafts {
  readonly #bucket: Bucket;
  readonly #now: () => Date;

  constructor(bucket: Bucket, now: () => Date) {
    this.#bucket = bucket;
    this.#now = now;
  }

  async put(mailbox: string, ciphertext: ReadableStream<Uint8Array>): Promise<StoredDraft> {
    if (!isMailboxId(mailbox)) {
      return cancelAndThrow(ciphertext)(new StoreError("not_found", "this is not the id of a mailbox"));
    }
    const day = dayOf(this.#now());
    const key = `${DRAFTS}${mailbox}.${day}.gpg`;
    const bytes = await this.#bucket.putStream(key, ciphertext);
    const others = (await this.#list(mailbox)).filter((found) => found.key !== key);
    await this.#bucket.remove(others.map((found) => found.key));
    return { bytes, day };
  }

  async find(mailbox: string): Promise<StoredDraft | null> {
    const found = await this.#newest(mailbox);
    return found === null ? null : { bytes: found.bytes, day: found.day };
  }

  async get(mailbox: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    const found = await this.#newest(mailbox);
    if (found === null) throw notFound();
    return this.#bucket.get(found.key, from);
  }

  async remove(mailbox: string): Promise<void> {
    const found = await this.#list(mailbox);
    if (found.length === 0) throw notFound();
    await this.#bucket.remove(found.map(({ key }) => key));
  }

  async used(): Promise<number> {
    let used = 0;
    for await (const { bytes } of this.#bucket.list(DRAFTS)) used += bytes;
    return used;
  }

  async expire(before: string): Promise<number> {
    const old: string[] = [];
    for await (const { key } of this.#bucket.list(DRAFTS)) {
      const day = KEY.exec(key)?.[2];
      if (day !== undefined && day < before) old.push(key);
    }
    await this.#bucket.remove(old);
    return old.length;
  }

  async #newest(mailbox: string): Promise<Found | null> {
    return (await this.#list(mailbox)).at(-1) ?? null;
  }

  /** Sorted by day: two processes may have stored under two days around midnight. */
  async #list(mailbox: string): Promise<Found[]> {
    const found: Found[] = [];
    if (!isMailboxId(mailbox)) return found;
    for await (const { key, bytes } of this.#bucket.list(`${DRAFTS}${mailbox}.`)) {
      const day = KEY.exec(key)?.[2];
      if (day !== undefined) found.push({ key, bytes, day });
    }
    return found;
  }
}
