import { notFound } from "../not-found.js";
import { byDay, isSubmissionId, type StoredSubmission, type Submissions } from "../store.js";
import type { Bucket } from "./bucket.js";

const SUBMISSIONS = "submissions/";
const KEY = /^submissions\/([0-9a-f]{32})\.(\d{4}-\d{2}-\d{2})\.tar\.gpg$/;
/** A listing returns a thousand keys per request. Listing by first digit makes sixteen of them run in parallel. */
const FIRST_DIGITS = [..."0123456789abcdef"];

/** The day is in the key: the object store's own timestamps are too precise to reveal. */
export function submissionKey(id: string, day: string): string {
  return `${SUBMISSIONS}${id}.${day}.tar.gpg`;
}

/** Submissions as one object each, which appears complete or not at all. */
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
    // A malformed id must not become part of a key.
    const [found] = isSubmissionId(id) ? await this.#listed(id) : [];
    if (found === undefined) throw notFound();
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
