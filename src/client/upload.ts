import { BlockDigest } from "../core/index.js";
import { StallError } from "./ask.js";
import { backoffMs, waitForRetry } from "./backoff.js";
import type { Line } from "./messages.js";
import { PieceSize } from "./piece-size.js";
import { proveWork } from "./proof-of-work.js";
import { removeUpload } from "./remove-upload.js";
import { SendBuffer } from "./send-buffer.js";
import { LineError, TusClient, UploadError } from "./tus-client.js";

export { isNotRemoved, UploadError, type UploadFault } from "./tus-client.js";

/** Reason of a signal: what the server has of the upload stays there, and it deletes that within two days. */
export const LEFT_BEHIND = new DOMException("kept", "AbortError");

export interface UploadOptions {
  /** Creates uploads (tus). */
  readonly endpoint: URL;
  /** Cancels the upload; its partial contents are removed from the server, unless the reason is `LEFT_BEHIND`. */
  readonly signal: AbortSignal;
  /** Called with the number of bytes acknowledged so far. */
  readonly onProgress: (bytes: number) => void;
  /** Called when all bytes are acknowledged and only the confirmation of storage is missing. */
  readonly onSent: () => void;
  /** Called when the upload starts waiting, and when it continues. */
  readonly onLine: (line: Line) => void;
  /** Resolves when the upload may continue: at once unless the user has paused it. */
  readonly mayGoOn: () => Promise<void>;
  /** About how many bytes there will be, if that is known. */
  readonly totalBytes?: number;
  /** The mailbox whose draft it becomes, in place of a submission. */
  readonly draft?: string;
  /** Whether the network is known to cut connections short. */
  readonly narrow?: boolean;
}

/** For answers that bring nothing and need no work. The server waits 3 s for a request that has died. */
const ASK_LIMIT_MS = 8_000;
/** The server may have many uploads to store. */
const STORE_LIMIT_MS = 20_000;
const MAX_LIMIT_MS = 90_000;
/** Encrypted while the piece before is on its way. */
const AHEAD_BYTES = 8 * 1024 * 1024;
/** Small pieces follow each other no faster: a network may count a connection for a while after its end. */
const MIN_SPACING_MS = 50;
/** Answers of somebody else in a row after which the server is taken to be out of reach for this method. */
const MAX_FOREIGN = 3;

/**
 * Uploads `ciphertext` with tus 1.0.0 while it is produced, in constant memory: what the server has not acknowledged is
 * kept and sent again. After an error it asks the server for the offset and resumes there. It retries until cancelled.
 *
 * @throws UploadError when the server refuses, or has stored other bytes, or somebody else lets nothing through; the
 *   signal's reason when cancelled
 */
export async function upload(ciphertext: ReadableStream<Uint8Array>, options: UploadOptions): Promise<void> {
  const digest = new BlockDigest();
  const ahead = new ByteLengthQueuingStrategy({ highWaterMark: AHEAD_BYTES });
  const buffer = new SendBuffer(
    ciphertext.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({}, undefined, ahead)),
    (bytes) => digest.push(bytes),
  );
  const sender = new Sender(options);
  try {
    await sender.create();
    for (let last = false; !last; ) {
      await options.mayGoOn();
      options.signal.throwIfAborted();
      const next = await buffer.peek(sender.pieceBytes);
      const acknowledged = next.bytes.length === 0 ? 0 : await sender.send(next.bytes);
      last = next.last && acknowledged === next.bytes.length;
      buffer.acknowledge(acknowledged);
    }
    options.onSent();
    if ((await sender.complete()) !== (await digest.finish())) {
      throw new UploadError("digest_mismatch", "the server stored something else than was sent");
    }
  } catch (cause) {
    await buffer.cancel();
    if (options.signal.aborted && options.signal.reason !== LEFT_BEHIND) await sender.remove();
    throw cause;
  }
}

/** One upload on the server, and what is known of the line to it. */
class Sender {
  readonly #options: UploadOptions;
  readonly #tus = new TusClient();
  readonly #size: PieceSize;
  #location: URL | null = null;
  #offset = 0;
  #line: Line = "working";
  /** Attempts in a row without progress. */
  #failures = 0;
  #foreign = 0;
  /** When the last piece was begun. */
  #begunMs = Number.NEGATIVE_INFINITY;

  constructor(options: UploadOptions) {
    this.#options = options;
    this.#size = new PieceSize(options.narrow ?? false);
  }

  get pieceBytes(): number {
    return this.#size.bytes;
  }

  async create(): Promise<void> {
    const { endpoint, signal } = this.#options;
    let proof: Readonly<Record<string, string>> = {};
    const answer = await this.#persistently(ASK_LIMIT_MS, async (limitMs) => {
      const ask = () => this.#begin({ "Upload-Defer-Length": "1", ...proof }, limitMs);
      let answered = await ask();
      if (answered.status === 429) {
        this.#tell("proving");
        proof = { "Postern-Proof": await proveWork(endpoint, signal) };
        answered = await ask();
        // The server accepts each proof once.
        proof = {};
      }
      return answered.status === 201 ? answered : null;
    });
    this.#location = new URL(answer.headers.get("Location") ?? "", endpoint);
  }

  /** @throws UploadError `refused` where nothing takes uploads, so that the client does not start over */
  async #begin(headers: Readonly<Record<string, string>>, limitMs: number): Promise<Response> {
    const { endpoint: url, signal } = this.#options;
    try {
      const all = { ...headers, ...this.#purpose };
      const answer = await this.#tus.ask({ url, method: "POST", headers: all, limitMs, signal });
      if (answer.status !== 405 && answer.status !== 501) return answer;
    } catch (cause) {
      if (!(cause instanceof UploadError) || cause.code !== "lost") throw cause;
    }
    throw new UploadError("refused", "nothing at this address takes uploads");
  }

  /** Tries once to send `bytes`, and returns how many of them the server has. */
  async send(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const begun = await this.#space();
    const end = this.#offset + bytes.length;
    let failure: unknown = null;
    try {
      const answer = await this.#patch(bytes, {}, this.#size.limitMs);
      if (answer.status === 204 && Number(answer.headers.get("Upload-Offset")) === end) {
        const leftBytes = Math.max(0, (this.#options.totalBytes ?? 0) - end);
        this.#size.passed(bytes.length, performance.now() - begun, leftBytes);
        return this.#acknowledge(bytes.length);
      }
    } catch (cause) {
      if (isFinal(cause, this.#options.signal)) throw cause;
      failure = cause;
    }
    return this.#resume(bytes.length, failure);
  }

  /** Waits until a piece may be begun, and returns that time. */
  async #space(): Promise<number> {
    const waitMs = this.#size.narrow ? this.#begunMs + MIN_SPACING_MS - performance.now() : 0;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.#begunMs = performance.now();
    return this.#begunMs;
  }

  /** Asks how much of a piece has arrived, and decides how to go on. */
  async #resume(length: number, failure: unknown): Promise<number> {
    const code = failure instanceof LineError ? failure.code : null;
    const stalled = failure instanceof StallError;
    // A stalled piece has cost its time already, and the line may be as good as ever for less.
    if (!stalled) await this.#wait(code === "busy" ? "busy" : "broken");
    const failures = this.#failures;
    const acknowledged = (await this.#askOffset()) - this.#offset;
    // Acknowledged bytes are no longer in memory to send again.
    if (!(acknowledged >= 0 && acknowledged <= length))
      throw new UploadError("lost", "the server has lost a part of the upload");
    // Only if a fresh connection works at once did the piece's own size stop it.
    if (code === "too_long" || (stalled && this.#failures === failures)) {
      this.#size.stalled(length, acknowledged);
    }
    if (code === "foreign" || code === "away") this.#countForeign();
    return acknowledged === 0 ? 0 : this.#acknowledge(acknowledged);
  }

  async #askOffset(): Promise<number> {
    const answer = await this.#persistently(ASK_LIMIT_MS, async (limitMs) => {
      const { signal } = this.#options;
      const asked = await this.#tus.ask({ url: this.#place, method: "HEAD", limitMs, signal });
      return asked.status === 200 ? asked : null;
    });
    return Number(answer.headers.get("Upload-Offset"));
  }

  /** Somebody else answers pieces, but not questions: the method is not let through. */
  #countForeign(): void {
    this.#foreign += 1;
    if (this.#foreign < MAX_FOREIGN) return;
    if (this.#tus.overriding) throw new UploadError("blocked", "something on the way forbids uploads");
    this.#tus.override();
    this.#foreign = 0;
  }

  /** Declares the length, until the server confirms that the upload is stored. Returns its digest by blocks. */
  async complete(): Promise<string | null> {
    const answer = await this.#persistently(STORE_LIMIT_MS, async (limitMs) => {
      const nothing = new Uint8Array(0);
      const answered = await this.#patch(nothing, { "Upload-Length": String(this.#offset) }, limitMs);
      // An earlier request whose answer was lost has declared the length already.
      const again = answered.status === 400 ? await this.#patch(nothing, {}, limitMs) : answered;
      return again.status === 204 && Number(again.headers.get("Upload-Offset")) === this.#offset ? again : null;
    });
    return answer.headers.get("Postern-Blocks-Sha256");
  }

  async remove(): Promise<void> {
    if (this.#location !== null) await removeUpload(this.#tus, this.#location);
  }

  #patch(body: Uint8Array<ArrayBuffer>, more: Readonly<Record<string, string>>, limitMs: number): Promise<Response> {
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(this.#offset),
      ...this.#purpose,
      ...more,
    };
    return this.#tus.ask({ url: this.#place, method: "PATCH", headers, body, limitMs, signal: this.#options.signal });
  }

  get #purpose(): Readonly<Record<string, string>> {
    const { draft } = this.#options;
    return draft === undefined ? {} : { "Postern-Draft": draft };
  }

  get #place(): URL {
    if (this.#location === null) throw new Error("the upload has not been created");
    return this.#location;
  }

  #acknowledge(bytes: number): number {
    this.#offset += bytes;
    this.#failures = 0;
    this.#foreign = 0;
    this.#options.onProgress(this.#offset);
    this.#tell(this.#size.narrow ? "narrow" : "working");
    return bytes;
  }

  /** Retries `attempt` with backoff and more time after null and errors of the line, until it returns a value. */
  async #persistently<Value>(limitMs: number, attempt: (limitMs: number) => Promise<Value | null>): Promise<Value> {
    for (let failures = 0, foreign = 0; ; failures += 1) {
      this.#options.signal.throwIfAborted();
      let line: Line = "broken";
      try {
        const value = await attempt(Math.min(MAX_LIMIT_MS, limitMs * 2 ** failures));
        if (value !== null) {
          if (failures > 0) this.#tell(this.#size.narrow ? "narrow" : "working");
          return value;
        }
      } catch (cause) {
        if (isFinal(cause, this.#options.signal)) throw cause;
        if (cause instanceof LineError && cause.code === "busy") line = "busy";
        if (cause instanceof LineError && cause.code === "foreign") foreign += 1;
        if (foreign > MAX_FOREIGN) throw new UploadError("blocked", "something on the way forbids uploads", { cause });
      }
      await this.#wait(line);
    }
  }

  async #wait(line: Line): Promise<void> {
    this.#failures += 1;
    this.#tell(line);
    await waitForRetry(backoffMs(this.#failures), this.#options.signal);
  }

  #tell(line: Line): void {
    if (line === this.#line) return;
    this.#line = line;
    this.#options.onLine(line);
  }
}

function isFinal(cause: unknown, signal: AbortSignal): boolean {
  return signal.aborted || cause instanceof UploadError;
}
