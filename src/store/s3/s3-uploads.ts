import { createHash } from "node:crypto";
import { z } from "zod";
import { DAY_MS, dayOf, startOfDay } from "../../core/index.js";
import { AppendLock } from "../append-lock.js";
import { notFound } from "../not-found.js";
import { isSubmissionId, type StoredSubmission, StoreError } from "../store.js";
import type { Digests, UploadState, Uploads } from "../uploads.js";
import type { Bucket } from "./bucket.js";
import { CompletedUploads } from "./completed-uploads.js";
import { hashing } from "./hashing.js";
import { sweepLeftovers } from "./leftovers.js";
import { joinPieces, putPieces } from "./piece-objects.js";
import { cover } from "./pieces.js";
import { submissionKey } from "./s3-submissions.js";
import { readMarks, type UploadMarks, uploadKeys, uploadOf } from "./upload-keys.js";

const dayNote = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * Uploads as objects: each piece is one, and all that is known of an upload is in its objects' names. Any process may
 * continue what another began.
 */
export class S3Uploads implements Uploads {
  readonly #bucket: Bucket;
  readonly #now: () => Date;
  readonly #completed: CompletedUploads;
  /** Of this process only: pieces from several processes may overlap. */
  readonly #appends = new AppendLock();

  constructor(bucket: Bucket, now: () => Date) {
    this.#bucket = bucket;
    this.#now = now;
    this.#completed = new CompletedUploads(bucket, now);
  }

  async begin(id: string, size: number | null): Promise<void> {
    if (size !== null) await this.#mark(uploadKeys.size(id, size));
    await this.#mark(uploadKeys.begun(id, this.#today()));
  }

  async state(id: string): Promise<UploadState> {
    await this.#appends.settled(id);
    const marks = await this.#find(id);
    if (marks === null) {
      const { stored, day } = await this.#completed.get(id);
      return { offset: stored.bytes, size: stored.bytes, activeBefore: endOfDay(day), stored };
    }
    const { size, pieces, day } = marks;
    return { offset: cover(pieces).end, size, activeBefore: endOfDay(day ?? this.#today()), stored: null };
  }

  async declareSize(id: string, size: number): Promise<void> {
    await this.#get(id);
    await this.#mark(uploadKeys.size(id, size));
  }

  append(id: string, pieces: AsyncIterable<Uint8Array>, offset?: number): Promise<number> {
    return this.#appends.run(id, async () => {
      const begin = offset ?? cover((await this.#get(id)).pieces).end;
      return putPieces(this.#bucket, id, pieces, begin, () => this.#today());
    });
  }

  async read(id: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    const { pieces } = await this.#get(id);
    return joinPieces(this.#bucket, pieces, from);
  }

  async finish(id: string, digests: Digests): Promise<StoredSubmission> {
    try {
      const { keys, pieces } = await this.#get(id);
      const day = await this.#agreedDay(id);
      const ciphertext = verified(joinPieces(this.#bucket, pieces), digests);
      const bytes = await this.#bucket.putStream(submissionKey(id, day), ciphertext);
      await this.#completed.add(id, { bytes, ...digests });
      await this.#removeAll([...keys, uploadKeys.day(id)]);
      return { id, bytes, day };
    } catch (cause) {
      // Another process may have finished it meanwhile and removed the pieces.
      const completed = await this.#completed.get(id).catch(() => null);
      if (completed === null) throw cause;
      return { id, bytes: completed.stored.bytes, day: completed.day };
    }
  }

  async discard(id: string): Promise<void> {
    await this.#appends.settled(id);
    if (!isSubmissionId(id)) return;
    await this.#removeAll(await this.#bucket.keys(uploadKeys.of(id)));
  }

  /** Removes the mark of the beginning first: without it the upload no longer exists, however much is left of it. */
  async #removeAll(keys: readonly string[]): Promise<void> {
    const first = keys.filter((key) => readMarks([key]).begun);
    await this.#bucket.remove(first);
    await this.#bucket.remove(keys.filter((key) => !first.includes(key)));
  }

  async sweep(now: Date): Promise<number> {
    await sweepLeftovers(this.#bucket, new Date(now.getTime() - DAY_MS));
    const isOld = (day: string) => now.getTime() - endOfDay(day).getTime() >= DAY_MS;
    let removed = 0;
    for await (const keys of this.#keysByUpload()) {
      const { day, begun } = readMarks(keys);
      if (day !== null && !isOld(day)) continue;
      await this.#bucket.remove(keys);
      if (begun) removed += 1;
    }
    await this.#completed.expire(isOld);
    return removed;
  }

  /** The keys of each upload in progress. Keys are sorted, so those of one upload are adjacent. */
  async *#keysByUpload(): AsyncGenerator<readonly string[]> {
    let id: string | null = null;
    let keys: string[] = [];
    for await (const { key } of this.#bucket.list(uploadKeys.all)) {
      if (uploadOf(key) !== id && keys.length > 0) {
        yield keys;
        keys = [];
      }
      id = uploadOf(key);
      keys.push(key);
    }
    if (keys.length > 0) yield keys;
  }

  async used(): Promise<number> {
    let sum = 0;
    for await (const { bytes } of this.#bucket.list(uploadKeys.all)) sum += bytes;
    return sum;
  }

  async free(): Promise<null> {
    return null;
  }

  /** Creates an empty object, which tells something by its name alone. */
  async #mark(key: string): Promise<void> {
    await this.#bucket.put(key, new Uint8Array(0));
  }

  /** Null if the upload is not in progress. */
  async #find(id: string): Promise<UploadMarks | null> {
    if (!isSubmissionId(id)) return null;
    const marks = readMarks(await this.#bucket.keys(uploadKeys.of(id)));
    return marks.begun ? marks : null;
  }

  /** @throws StoreError `not_found` */
  async #get(id: string): Promise<UploadMarks> {
    const marks = await this.#find(id);
    if (marks === null) throw notFound();
    return marks;
  }

  /** The first process that stores an upload decides on its day. */
  async #agreedDay(id: string): Promise<string> {
    const today = this.#today();
    if (await this.#bucket.putOnce(uploadKeys.day(id), new TextEncoder().encode(today))) return today;
    const agreed = await this.#bucket.read(uploadKeys.day(id));
    if (agreed === null) throw notFound();
    return dayNote.parse(new TextDecoder().decode(agreed));
  }

  #today(): string {
    return dayOf(this.#now());
  }
}

/**
 * Fails the stream before its end unless it has the digest found by the check. Between the check and this reading, a
 * client may have sent other bytes for the same offset.
 */
function verified(stream: ReadableStream<Uint8Array>, { sha256 }: Digests): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  return stream.pipeThrough(
    hashing(hash, () => {
      if (hash.digest("hex") !== sha256) throw new StoreError("io", "the upload has changed since it was checked");
    }),
  );
}

function endOfDay(day: string): Date {
  return new Date(startOfDay(new Date(day)).getTime() + DAY_MS);
}
