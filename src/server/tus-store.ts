import type { Readable } from "node:stream";
import { DataStore, ERRORS, Upload } from "@tus/utils";
import { type Mailboxes, type Store, StoreError, type UploadState, type Uploads } from "../store/index.js";
import type { ArrivingUploads } from "./arriving-uploads.js";
import type { Space } from "./gate/index.js";

const DAY = 24 * 60 * 60 * 1000;
/** Many more than requests under way. */
const MOST_ASKED = 4_096;

/** A store that takes ciphertext in pieces, and holds replies. */
export interface UploadStore extends Store {
  readonly mailboxes: Mailboxes;
  readonly uploads: Uploads;
}

/** What @tus/server needs of a store, over ours: no metadata, no time finer than the day, nothing to download. */
export class TusStore extends DataStore {
  readonly #uploads: Uploads;
  readonly #arriving: ArrivingUploads;
  readonly #space: Space;
  /** What was asked about an upload at the head of a request that is to write to it: @tus/server lets one at a time. */
  readonly #asked = new Map<string, UploadState>();

  constructor(uploads: Uploads, arriving: ArrivingUploads, space: Space) {
    super();
    this.#uploads = uploads;
    this.#arriving = arriving;
    this.#space = space;
    this.extensions = ["creation", "creation-defer-length", "expiration"];
  }

  override async create(upload: Upload): Promise<Upload> {
    await translated(this.#uploads.begin(upload.id, upload.size ?? null));
    upload.creation_date = new Date().toISOString();
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const state: UploadState = await translated(this.#uploads.state(id));
    const [oldest] = this.#asked.keys();
    if (oldest !== undefined && this.#asked.size >= MOST_ASKED) this.#asked.delete(oldest);
    this.#asked.set(id, state);
    return new Upload({
      id,
      offset: state.offset,
      ...(state.size === null ? {} : { size: state.size }),
      creation_date: state.activeBefore.toISOString(),
    });
  }

  override async declareUploadLength(id: string, size: number): Promise<void> {
    await translated(this.#uploads.declareSize(id, size));
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const state = this.#asked.get(id) ?? (await translated(this.#uploads.state(id)));
    this.#asked.delete(id);
    // What has been stored already takes nothing more: asking again is harmless.
    if (state.stored !== null) return state.offset;
    if (state.offset !== offset) throw ERRORS.INVALID_OFFSET;
    // A stream that is given up by being destroyed would be answered as one that the client has broken off.
    const pieces = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
    return translated(
      this.#uploads.append(id, this.#arriving.follow(id, offset, this.#space.whileRoom(pieces)), offset),
    );
  }

  override getExpiration(): number {
    return DAY;
  }
}

/** Errors of our store as @tus/server answers them. */
async function translated<Value>(work: Promise<Value>): Promise<Value> {
  return work.catch((cause: unknown) => {
    if (cause instanceof StoreError && cause.code === "not_found") throw ERRORS.FILE_NOT_FOUND;
    if (cause instanceof StoreError && cause.code === "no_space") throw { status_code: 507, body: "no_space\n" };
    throw cause;
  });
}
