import { createHash } from "node:crypto";
import { dayOf, isDay, isMailboxId, PORTAL_SALT_LENGTH } from "../../core/index.js";
import { cancelAndThrow } from "../disk.js";
import type { Mailboxes, StoredReply } from "../mailboxes.js";
import { notFound } from "../not-found.js";
import { isSubmissionId, StoreError } from "../store.js";
import type { Bucket } from "./bucket.js";
import { hashing } from "./hashing.js";
import { unfinishedKey } from "./leftovers.js";

const MAILBOXES = "mailboxes/";
const SALT = "portal-salt";
const KEY = /^mailboxes\/([a-z2-7]{32})\.([0-9a-f]{32})\.(\d{4}-\d{2}-\d{2})\.gpg$/;

interface Found extends StoredReply {
  readonly key: string;
}

/** Replies as one object each, named after mailbox, contents and day. */
export class S3Mailboxes implements Mailboxes {
  readonly #bucket: Bucket;
  readonly #now: () => Date;

  constructor(bucket: Bucket, now: () => Date) {
    this.#bucket = bucket;
    this.#now = now;
  }

  async portalSalt(): Promise<Uint8Array<ArrayBuffer>> {
    const made = () => crypto.getRandomValues(new Uint8Array(PORTAL_SALT_LENGTH));
    return (await this.storedSalt()) ?? (await this.adoptSalt(made()));
  }

  async storedSalt(): Promise<Uint8Array<ArrayBuffer> | null> {
    const salt = await this.#bucket.read(SALT);
    if (salt === null) return null;
    // Never replaced: every receipt code would lose its mailbox.
    if (salt.length !== PORTAL_SALT_LENGTH) {
      throw new StoreError("io", `the portal salt in the object ${SALT} is damaged; put it back from a backup`);
    }
    return salt;
  }

  async adoptSalt(salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    if (await this.#bucket.putOnce(SALT, salt)) return salt;
    const first = await this.storedSalt();
    if (first === null) throw new StoreError("io", "the portal salt disappeared as soon as it was created");
    return first;
  }

  async putReply(
    mailbox: string,
    ciphertext: ReadableStream<Uint8Array>,
  ): Promise<StoredReply & { readonly known: boolean }> {
    if (!isMailboxId(mailbox)) {
      return cancelAndThrow(ciphertext)(new StoreError("not_found", "this is not the id of a mailbox"));
    }
    const day = dayOf(this.#now());
    const unfinished = unfinishedKey(day);
    const hash = createHash("sha256");
    const bytes = await this.#bucket.putStream(unfinished, ciphertext.pipeThrough(hashing(hash)));
    try {
      const id = hash.digest("hex").slice(0, 32);
      const [known] = await this.#list(mailbox, id);
      if (known !== undefined) return { id, bytes: known.bytes, day: known.day, known: true };
      await this.#bucket.copy(unfinished, `${MAILBOXES}${mailbox}.${id}.${day}.gpg`);
      return { id, bytes, day, known: false };
    } finally {
      await this.#bucket.remove([unfinished]);
    }
  }

  async listReplies(mailbox: string): Promise<readonly StoredReply[]> {
    if (!isMailboxId(mailbox)) return [];
    // Two processes may have stored one reply under two days around midnight. The first counts.
    const first = new Map<string, Found>();
    for (const reply of await this.#list(mailbox)) if (!first.has(reply.id)) first.set(reply.id, reply);
    return [...first.values()]
      .map(({ id, bytes, day }) => ({ id, bytes, day }))
      .sort((left, right) => left.day.localeCompare(right.day) || left.id.localeCompare(right.id));
  }

  async *allReplies(): AsyncIterable<StoredReply & { readonly mailbox: string }> {
    for await (const { key, bytes } of this.#bucket.list(MAILBOXES)) {
      const [, mailbox, id, day] = KEY.exec(key) ?? [];
      if (mailbox !== undefined && id !== undefined && day !== undefined) yield { mailbox, id, bytes, day };
    }
  }

  async getReply(mailbox: string, id: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    const [{ key }] = await this.#found(mailbox, id);
    return this.#bucket.get(key, from);
  }

  async removeReply(mailbox: string, id: string): Promise<void> {
    await this.#bucket.remove((await this.#found(mailbox, id)).map(({ key }) => key));
  }

  async expireReplies(before: string): Promise<number> {
    if (!isDay(before)) throw new RangeError(`expected a day as YYYY-MM-DD, got ${before}`);
    const old: string[] = [];
    for await (const { key } of this.#bucket.list(MAILBOXES)) {
      const day = KEY.exec(key)?.[3];
      if (day !== undefined && day < before) old.push(key);
    }
    await this.#bucket.remove(old);
    return old.length;
  }

  /** @throws StoreError `not_found` */
  async #found(mailbox: string, id: string): Promise<[Found, ...Found[]]> {
    const known = isMailboxId(mailbox) && isSubmissionId(id) ? await this.#list(mailbox, id) : [];
    const [first, ...more] = known;
    if (first === undefined) throw notFound();
    return [first, ...more];
  }

  /** Sorted by id, then day. */
  async #list(mailbox: string, beginning = ""): Promise<Found[]> {
    const found: Found[] = [];
    for await (const { key, bytes } of this.#bucket.list(`${MAILBOXES}${mailbox}.${beginning}`)) {
      const [, , id, day] = KEY.exec(key) ?? [];
      if (id !== undefined && day !== undefined) found.push({ key, id, bytes, day });
    }
    return found;
  }
}
