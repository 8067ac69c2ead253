import type { IncomingMessage } from "node:http";
import { DAY_MS, randomHex, startOfDay } from "../../../core/index.js";
import { isSubmissionId, StoreError, type UploadState, type Uploads } from "../../../store/index.js";
import { bodyPieces } from "./body-pieces.js";
import { checkVersion, newUploadSize, type PieceFields, pieceFields, TUS_VERSION } from "./headers.js";
import { UploadLocks } from "./upload-lock.js";
import { UnacceptableUpload, UploadRefusal } from "./upload-refusal.js";

const EXTENSIONS = "creation,creation-defer-length,expiration";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TusParts {
  /** Below which uploads have their addresses. */
  readonly path: string;
  readonly uploads: Uploads;
  /** Most bytes of one upload. */
  readonly longest: number;
  readonly now: () => Date;
  /** Throws if no upload of `size` bytes may begin; 0 if the size is not known. */
  readonly onCreate: (request: IncomingMessage, size: number) => Promise<void>;
  /** Called once it is there. */
  readonly onCreated: (request: IncomingMessage, id: string) => void;
  /** Passes on what comes of an upload, from the byte `offset`. What throws UnacceptableUpload is removed. */
  readonly onPiece: (
    request: IncomingMessage,
    id: string,
    offset: number,
    pieces: AsyncIterable<Uint8Array>,
  ) => AsyncIterable<Uint8Array>;
  /** Called when an upload was not acceptable, and has been removed. */
  readonly onGone: (id: string) => void;
  /** Called when the last byte arrives; returns extra response headers. */
  readonly onComplete: (
    request: IncomingMessage,
    id: string,
    bytes: number,
  ) => Promise<Readonly<Record<string, string>>>;
}

/** A store may wrap what {@link TusParts.onPiece} throws. */
function findUnacceptable(failure: unknown): UnacceptableUpload | null {
  for (let cause = failure; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UnacceptableUpload) return cause;
  }
  return null;
}

/**
 * The protocol tus 1.0.0 with creation, creation-defer-length and expiration, over {@link Uploads}. Its methods answer
 * a request, or throw UploadRefusal, StoreError, or what `parts` throw.
 */
export class Tus {
  readonly #parts: TusParts;
  readonly #locks = new UploadLocks();

  constructor(parts: TusParts) {
    this.#parts = parts;
  }

  /** OPTIONS: what is spoken here. */
  describe(): Answer {
    const headers = {
      "Tus-Version": TUS_VERSION,
      "Tus-Extension": EXTENSIONS,
      "Tus-Max-Size": String(this.#parts.longest),
    };
    return { status: 204, headers };
  }

  /** POST: begins an upload. A body is not looked at. */
  async create(request: IncomingMessage): Promise<Answer> {
    const { headers } = request;
    checkVersion(headers);
    const size = newUploadSize(headers);
    const { path, uploads, longest, now, onCreate, onCreated } = this.#parts;
    if (size !== null && size > longest) throw new UploadRefusal("too_large");
    await onCreate(request, size ?? 0);
    const id = randomHex(16);
    await uploads.begin(id, size);
    onCreated(request, id);
    return { status: 201, headers: { Location: `${path}/${id}`, "Upload-Expires": expiryOf(dayAfter(now())) } };
  }

  /** HEAD: how far an upload has come. */
  async tell(request: IncomingMessage, id: string): Promise<Answer> {
    checkVersion(request.headers);
    const { offset, size } = await this.#lock(request, id, () => this.#state(id));
    const length = size === null ? { "Upload-Defer-Length": "1" } : { "Upload-Length": String(size) };
    return { status: 200, headers: { "Upload-Offset": String(offset), ...length } };
  }

  /** PATCH: a piece. */
  async add(request: IncomingMessage, id: string): Promise<Answer> {
    checkVersion(request.headers);
    const fields = pieceFields(request.headers);
    try {
      const { offset, size, activeBefore } = await this.#lock(request, id, () => this.#append(request, id, fields));
      const headers = { "Upload-Offset": String(offset) };
      if (offset === size) {
        return { status: 204, headers: { ...headers, ...(await this.#parts.onComplete(request, id, offset)) } };
      }
      return { status: 204, headers: { ...headers, "Upload-Expires": expiryOf(activeBefore) } };
    } catch (cause) {
      const unacceptable = findUnacceptable(cause);
      if (unacceptable === null) throw cause;
      await this.#parts.uploads.discard(id);
      this.#parts.onGone(id);
      throw unacceptable;
    }
  }

  async #append(request: IncomingMessage, id: string, fields: PieceFields): Promise<UploadState> {
    const { uploads, longest, now, onPiece } = this.#parts;
    const state = await this.#state(id);
    const { offset } = fields;
    if (state.offset !== offset) throw new UploadRefusal("wrong_offset");
    if (fields.size !== null) {
      // Told once, it stands.
      if (state.size !== null || fields.size < offset) throw new UploadRefusal("bad_request");
      if (fields.size > longest) throw new UploadRefusal("too_large");
      await uploads.declareSize(id, fields.size);
    }
    const size = state.size ?? fields.size;
    const most = (size ?? longest) - offset;
    if ((fields.bytes ?? 0) > most) throw new UploadRefusal("too_large");
    if (fields.bytes === 0) return { ...state, size };
    const pieces = onPiece(request, id, offset, bodyPieces(request, most));
    return { ...state, size, offset: await uploads.append(id, pieces, offset), activeBefore: dayAfter(now()) };
  }

  async #state(id: string): Promise<UploadState> {
    const state = await this.#parts.uploads.state(id).catch((cause: unknown) => {
      throw cause instanceof StoreError && cause.code === "not_found"
        ? new UploadRefusal("not_found", { cause })
        : cause;
    });
    if (this.#parts.now().getTime() > state.activeBefore.getTime() + DAY_MS) throw new UploadRefusal("expired");
    return state;
  }

  #lock<Value>(request: IncomingMessage, id: string, work: () => Promise<Value>): Promise<Value> {
    if (!isSubmissionId(id)) throw new UploadRefusal("not_found");
    // One whose body has come is about to end by itself.
    const abort = () => {
      if (!request.complete) request.destroy();
    };
    return this.#locks.hold(id, abort, work);
  }
}

function dayAfter(moment: Date): Date {
  return new Date(startOfDay(moment).getTime() + DAY_MS);
}

function expiryOf(activeBefore: Date): string {
  return new Date(activeBefore.getTime() + DAY_MS).toUTCString();
}
