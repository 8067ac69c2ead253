import { createHash } from "node:crypto";
import { z } from "zod";
import { dayOf, startOfDay } from "../../core/index.js";
import { isSubmissionId, type StoredSubmission, StoreError } from "../store.js";
import type { Digests, StoredUpload, UploadState, Uploads } from "../uploads.js";
import type { Bucket } from "./bucket.js";
import { hashing } from "./hashing.js";
import { sweepLeftovers } from "./leftovers.js";
import { cover } from "./pieces.js";
import { submissionKey } from "./s3-submissions.js";
import { readMarks, readStoredKey, type UploadMarks, uploadKeys, uploadOf } from "./upload-keys.js";

const DAY = 24 * 60 * 60 * 1000;
/** Bytes of one piece: a sixteenth of what has come, so that who has sent little takes little memory. */
const SMALLEST_PIECE = 256 * 1024;
const LARGEST_PIECE = 8 * 1024 * 1024;
const SHARE = 16;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const storedNote = z.strictObject({ bytes: z.number().int().min(0), sha256: digest, blocks: digest });
const dayNote = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * Uploads as objects: each piece that comes is one, and what is known of an upload stands in its objects' names. Any process
 * may go on with what another began.
 */
export class S3Uploads implements Uploads {
  readonly #bucket: Bucket;
  readonly #now: () => Date;
  /** Appends under way here. A broken connection's last write may still be going on when the client is back and asks. */
  readonly #appending = new Map<string, Promise<unknown>>();

  constructor(bucket: Bucket, now: () => Date) {
    this.#bucket = bucket;
    this.#now = now;
  }

  async begin(id: string, size: number | null): Promise<void> {
    if (size !== null) await this.#declare(id, size);
    await this.#mark(uploadKeys.begun(id, this.#today()));
  }

  async state(id: string): Promise<UploadState> {
    await this.#appending.get(id);
    const marks = await this.#look(id);
    if (marks === null) {
      const { stored, day } = await this.#remembered(id);
      return { offset: stored.bytes, size: stored.bytes, activeBefore: endOfDay(day), stored };
    }
    const { size, pieces, day } = marks;
    return { offset: cover(pieces).end, size, activeBefore: endOfDay(day ?? this.#today()), stored: null };
  }

  async declareSize(id: string, size: number): Promise<void> {
    await this.#known(id);
    await this.#declare(id, size);
  }

  async append(id: string, pieces: AsyncIterable<Uint8Array>, offset?: number): Promise<number> {
    await this.#appending.get(id);
    const appending = this.#append(id, pieces, offset);
    const settled = appending
      .catch(() => undefined)
      .then(() => {
        if (this.#appending.get(id) === settled) this.#appending.delete(id);
      });
    this.#appending.set(id, settled);
    return appending;
  }

  async #append(id: string, pieces: AsyncIterable<Uint8Array>, offset?: number): Promise<number> {
    let end = offset ?? cover((await this.#known(id)).pieces).end;
    let gathered: Uint8Array[] = [];
    let bytes = 0;
    const keep = async () => {
      if (bytes === 0) return;
      const piece = Buffer.concat(gathered, bytes);
      gathered = [];
      bytes = 0;
      await this.#bucket.put(uploadKeys.piece(id, end, piece.length, this.#today()), piece);
      end += piece.length;
    };
    try {
      for await (const piece of pieces) {
        gathered.push(piece);
        bytes += piece.length;
        if (bytes >= Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, end / SHARE))) await keep();
      }
    } catch (cause) {
      // The error that broke it off says more than one in keeping the rest.
      await keep().catch(() => undefined);
      throw cause;
    }
    await keep();
    return end;
  }

  async read(id: string, from = 0): Promise<ReadableStream<Uint8Array>> {
    return this.#joined(await this.#known(id), from);
  }

  async finish(id: string, digests: Digests): Promise<StoredSubmission> {
    try {
      const marks = await this.#known(id);
      const day = await this.#agreedDay(id);
      const bytes = await this.#bucket.putStream(submissionKey(id, day), checked(this.#joined(marks), digests));
      const note: StoredUpload = { bytes, ...digests };
      await this.#bucket.put(uploadKeys.stored(id, this.#today()), new TextEncoder().encode(JSON.stringify(note)));
      await this.#removeAll([...marks.keys, uploadKeys.day(id)]);
      return { id, bytes, day };
    } catch (cause) {
      // Another process may have finished it in this moment, and removed the pieces.
      const known = await this.#remembered(id).catch(() => null);
      if (known === null) throw cause;
      return { id, bytes: known.stored.bytes, day: known.day };
    }
  }

  async discard(id: string): Promise<void> {
    await this.#appending.get(id);
    if (!isSubmissionId(id)) return;
    await this.#removeAll((await this.#bucket.listed(uploadKeys.of(id))).map(({ key }) => key));
  }

  /** Without its beginning an upload is not there any more, however much of it is still to be removed. */
  async #removeAll(keys: readonly string[]): Promise<void> {
    const first = keys.filter((key) => readMarks([key]).begun);
    await this.#bucket.remove(first);
    await this.#bucket.remove(keys.filter((key) => !first.includes(key)));
  }

  async sweep(now: Date): Promise<number> {
    await sweepLeftovers(this.#bucket, new Date(now.getTime() - DAY));
    const isOld = (day: string) => now.getTime() - endOfDay(day).getTime() >= DAY;
    let given = 0;
    const done = async (keys: readonly string[]) => {
      const { day, begun } = readMarks(keys);
      if (day !== null && !isOld(day)) return;
      await this.#bucket.remove(keys);
      if (begun) given += 1;
    };
    let id: string | null = null;
    let own: string[] = [];
    for await (const { key } of this.#bucket.list(uploadKeys.all)) {
      if (uploadOf(key) !== id && own.length > 0) {
        await done(own);
        own = [];
      }
      id = uploadOf(key);
      own.push(key);
    }
    if (own.length > 0) await done(own);
    const forgotten: string[] = [];
    for await (const { key } of this.#bucket.list(uploadKeys.allStored)) {
      // In the order of days.
      if (!isOld(readStoredKey(key)?.day ?? "9999-01-01")) break;
      forgotten.push(key);
    }
    await this.#bucket.remove(forgotten);
    return given;
  }

  async used(): Promise<number> {
    let sum = 0;
    for await (const { bytes } of this.#bucket.list(uploadKeys.all)) sum += bytes;
    return sum;
  }

  async free(): Promise<null> {
    return null;
  }

  async #declare(id: string, size: number): Promise<void> {
    await this.#mark(uploadKeys.size(id, size));
  }

  /** All that says something by its name alone. */
  async #mark(key: string): Promise<void> {
    await this.#bucket.put(key, new Uint8Array(0));
  }

  /** Null for what is not under way. */
  async #look(id: string): Promise<UploadMarks | null> {
    if (!isSubmissionId(id)) return null;
    const marks = readMarks((await this.#bucket.listed(uploadKeys.of(id))).map(({ key }) => key));
    return marks.begun ? marks : null;
  }

  /** @throws StoreError `not_found` */
  async #known(id: string): Promise<UploadMarks> {
    const marks = await this.#look(id);
    if (marks === null) throw nothing();
    return marks;
  }

  /** What has been stored today or yesterday. @throws StoreError `not_found` */
  async #remembered(id: string): Promise<{ readonly stored: StoredUpload; readonly day: string }> {
    if (!isSubmissionId(id)) throw nothing();
    const now = this.#now().getTime();
    for (const day of [dayOf(new Date(now)), dayOf(new Date(now - DAY))]) {
      const note = await this.#bucket.read(uploadKeys.stored(id, day));
      if (note !== null) return { stored: storedNote.parse(JSON.parse(new TextDecoder().decode(note))), day };
    }
    throw nothing();
  }

  /** The first process that stores an upload decides on which day that was. */
  async #agreedDay(id: string): Promise<string> {
    const today = this.#today();
    if (await this.#bucket.putOnce(uploadKeys.day(id), new TextEncoder().encode(today))) return today;
    const agreed = await this.#bucket.read(uploadKeys.day(id));
    if (agreed === null) throw nothing();
    return dayNote.parse(new TextDecoder().decode(agreed));
  }

  #joined({ pieces }: UploadMarks, from = 0): ReadableStream<Uint8Array> {
    const bytes = this.#portions(pieces, from);
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await bytes.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void (await bytes.return(undefined)),
      },
      { highWaterMark: 0 },
    );
  }

  async *#portions(pieces: UploadMarks["pieces"], from: number): AsyncGenerator<Uint8Array> {
    for (const { piece, skip } of cover(pieces).portions) {
      if (piece.offset + piece.length <= from) continue;
      yield* await this.#bucket.get(piece.key, Math.max(skip, from - piece.offset));
    }
  }

  #today(): string {
    return dayOf(this.#now());
  }
}

/**
 * Passes on what has the digest that was found when it was checked, and fails before its end if it has another: between the
 * two readings somebody may have sent other bytes for the same place.
 */
function checked(stream: ReadableStream<Uint8Array>, { sha256 }: Digests): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  return stream.pipeThrough(
    hashing(hash, () => {
      if (hash.digest("hex") !== sha256) throw new StoreError("io", "what lies here is not what was checked");
    }),
  );
}

function nothing(): StoreError {
  return new StoreError("not_found", "there is nothing under this id");
}

function endOfDay(day: string): Date {
  return new Date(startOfDay(new Date(day)).getTime() + DAY);
}
