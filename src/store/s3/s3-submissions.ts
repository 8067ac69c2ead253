import { byDay, isSubmissionId, type StoredSubmission, StoreError, type Submissions } from "../store.js";
import type { Bucket } from "./bucket.js";

const SUBMISSIONS = "submissions/";
const KEY = /^submissions\/([0-9a-f]{32})\.(\d{4}-\d{2}-\d{2})\.tar\.gpg$/;
/** An object store names a thousand keys at a time: asked by their first digit, there are sixteen lists to read at once. */
const FIRST_DIGITS = [..."0123456789abcdef"];

/** The day stands in the name: an object store's own time of an object is too fine to be relied on, or told. */
export function submissionKey(id: string, day: string): string {
  return `${SUBMISSIONS}${id}.${day}.tar.gpg`;
}

/** Submissions as one object each, which appear whole or not at all. */
export class S3Submissions implements Submissions {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async get(id: string, from = 0, to = Number.POSITIVE_INFINITY): Promise<ReadableStream<Uint8Array>> {
    const { bytes, day } = await this.find(id);
    const end = Math.min(to, bytes);
    if (from >= end) return new Blob([]).stream();
    return this.#bucket.get(submissionKey(id, day), from, end === bytes ? null : end);
  }

  async find(id: string): Promise<StoredSubmission> {
    // What is no id must not become part of a key.
    const [found] = isSubmissionId(id) ? await this.#listed(id) : [];
    if (found === undefined) throw new StoreError("not_found", "there is nothing under this id");
    return found;
  }

  async *list(): AsyncIterable<StoredSubmission> {
    const found = await Promise.all(FIRST_DIGITS.map((digit) => this.#listed(digit)));
    yield* found.flat().sort(byDay);
  }

  async remove(id: string): Promise<void> {
    const { day } = await this.find(id);
    await this.#bucket.remove([submissionKey(id, day)]);
  }

  async free(): Promise<number | null> {
    return null;
  }

  async #listed(beginning: string): Promise<StoredSubmission[]> {
    const found: StoredSubmission[] = [];
    for await (const { key, bytes } of this.#bucket.list(SUBMISSIONS + beginning)) {
      const [, id, day] = KEY.exec(key) ?? [];
      if (id !== undefined && day !== undefined) found.push({ id, bytes, day });
    }
    return found;
  }
}
