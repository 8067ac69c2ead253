import { z } from "zod";
import { DAY_MS, dayOf } from "../../core/index.js";
import { notFound } from "../not-found.js";
import { isSubmissionId } from "../store.js";
import type { StoredUpload } from "../uploads.js";
import type { Bucket } from "./bucket.js";
import { readStoredKey, uploadKeys } from "./upload-keys.js";

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const storedNote = z.strictObject({ bytes: z.number().int().min(0), sha256: digest, blocks: digest });

export interface CompletedUpload {
  readonly stored: StoredUpload;
  /** The day on which it was stored. */
  readonly day: string;
}

/** Notes on completed uploads, one object each. */
export class CompletedUploads {
  readonly #bucket: Bucket;
  readonly #now: () => Date;

  constructor(bucket: Bucket, now: () => Date) {
    this.#bucket = bucket;
    this.#now = now;
  }

  async add(id: string, stored: StoredUpload): Promise<void> {
    const note = new TextEncoder().encode(JSON.stringify(stored));
    await this.#bucket.put(uploadKeys.stored(id, dayOf(this.#now())), note);
  }

  /** An upload that was stored today or yesterday. @throws StoreError `not_found` */
  async get(id: string): Promise<CompletedUpload> {
    if (!isSubmissionId(id)) throw notFound();
    const now = this.#now().getTime();
    for (const day of [dayOf(new Date(now)), dayOf(new Date(now - DAY_MS))]) {
      const note = await this.#bucket.read(uploadKeys.stored(id, day));
      if (note !== null) return { stored: storedNote.parse(JSON.parse(new TextDecoder().decode(note))), day };
    }
    throw notFound();
  }

  async expire(isOld: (day: string) => boolean): Promise<void> {
    const old: string[] = [];
    for await (const { key } of this.#bucket.list(uploadKeys.allStored)) {
      // Keys are sorted by day.
      if (!isOld(readStoredKey(key)?.day ?? "9999-01-01")) break;
      old.push(key);
    }
    await this.#bucket.remove(old);
  }
}
