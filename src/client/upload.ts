import { BlockDigest, Fault } from "../core/index.js";
import { backoffMs, waitForRetry } from "./backoff.js";
import { Chunks } from "./chunks.js";
import { LineJudge, requireOwnAnswer } from "./foreign-answer.js";
import type { Line } from "./messages.js";
import { proveWork } from "./proof-of-work.js";

/** Why the server refuses the upload. `lost`: the server does not know it any more. */
export type UploadFault =
  | "too_large"
  | "refused"
  | "no_space"
  | "key_expired"
  | "lost"
  | "digest_mismatch"
  /** Something between the browser and the server does not let it through. */
  | "blocked"
  /** Cancelled, but the server still has the partial upload. It expires within two days. */
  | "not_removed";

export class UploadError extends Fault<UploadFault> {}

/** The server is overloaded: retry later. */
class BusyServerError extends Fault<"busy"> {}

export interface UploadOptions {
  /** Creates uploads (tus). */
  readonly endpoint: URL;
  /** Cancels the upload; its partial contents are removed from the server. */
  readonly signal: AbortSignal;
  /** Called with the number of bytes acknowledged so far. */
  readonly onProgress: (bytes: number) => void;
  /** Called when all bytes are acknowledged and only the confirmation of storage is missing. */
  readonly onSent: () => void;
  /** Called when the upload starts waiting, and when it continues. */
  readonly onLine: (line: Line) => void;
  /** Resolves when the upload may continue: at once unless the user has paused it. */
  readonly mayGoOn: () => Promise<void>;
}

const TUS = { "Tus-Resumable": "1.0.0" };
const SMALLEST_CHUNK = 64 * 1024;
const LARGEST_CHUNK = 8 * 1024 * 1024;
/** Target time per chunk: progress stays visible, and a broken connection loses little. */
const CHUNK_TIME_MS = 2_000;
/** The smallest chunk then needs 0.7 KiB/s. */
const REQUEST_TIMEOUT_MS = 90_000;
/** For all attempts to remove a cancelled upload together. */
const REMOVE_TIMEOUT_MS = 30_000;
const REFUSALS: Readonly<Record<number, UploadFault>> = { 413: "too_large", 422: "refused", 507: "no_space" };

/**
 * Uploads `ciphertext` with tus 1.0.0 as it is produced, in constant memory: one chunk is kept until the server has
 * acknowledged it. After an error it asks the server for the offset and resumes there. It retries until cancelled.
 *
 * @throws UploadError when the server refuses, or has stored other bytes; the signal's reason when cancelled
 */
export async function upload(ciphertext: ReadableStream<Uint8Array>, options: UploadOptions): Promise<void> {
  const chunks = new Chunks(ciphertext);
  const digest = new BlockDigest();
  let location: URL | null = null;
  let offset = 0;
  try {
    location = await create(options);
    let size = SMALLEST_CHUNK;
    for (;;) {
      await options.mayGoOn();
      options.signal.throwIfAborted();
      const { bytes, last } = await chunks.next(size);
      await digest.push(bytes);
      const begun = performance.now();
      await send(location, offset, bytes, options);
      size = nextSize(bytes.length, performance.now() - begun);
      offset += bytes.length;
      options.onProgress(offset);
      if (last) break;
    }
    options.onSent();
    const answer = await complete(location, offset, options);
    if (answer.headers.get("Postern-Blocks-Sha256") !== (await digest.finish())) {
      throw new UploadError("digest_mismatch", "the server stored something else than was sent");
    }
  } catch (cause) {
    await chunks.cancel();
    if (options.signal.aborted && location !== null) await remove(location);
    throw cause;
  }
}

function nextSize(bytes: number, milliseconds: number): number {
  const fitting = (bytes / Math.max(1, milliseconds)) * CHUNK_TIME_MS;
  // At most doubled: after one fast chunk, the next must not take minutes.
  return Math.round(Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, Math.min(fitting, 2 * bytes))));
}

async function create(options: UploadOptions): Promise<URL> {
  let proof: Readonly<Record<string, string>> = {};
  const response = await persistently(options, async () => {
    const ask = () => begin({ "Upload-Defer-Length": "1", ...proof }, options);
    let answer = await ask();
    if (answer.status === 429) {
      options.onLine("proving");
      proof = { "Postern-Proof": await proveWork(options.endpoint, options.signal) };
      answer = await ask();
      // The server accepts each proof once.
      proof = {};
      if (answer.status === 201) options.onLine("working");
    }
    return answer.status === 201 ? answer : null;
  });
  return new URL(response.headers.get("Location") ?? "", options.endpoint);
}

/** @throws UploadError `refused` where nothing takes uploads, so that the client does not start over */
async function begin(headers: Readonly<Record<string, string>>, options: UploadOptions): Promise<Response> {
  try {
    const answer = await request(options.endpoint, "POST", headers, null, options.signal);
    if (answer.status !== 405 && answer.status !== 501) return answer;
  } catch (cause) {
    if (!(cause instanceof UploadError) || cause.code !== "lost") throw cause;
  }
  throw new UploadError("refused", "nothing at this address takes uploads");
}

/** Sends `bytes`, at offset `start` of the upload, until the server has acknowledged all of them. */
async function send(
  location: URL,
  start: number,
  bytes: Uint8Array<ArrayBuffer>,
  options: UploadOptions,
): Promise<void> {
  const end = start + bytes.length;
  let offset = start;
  let asked = true;
  if (bytes.length === 0) return;
  await persistently(options, async () => {
    if (!asked) {
      const answer = await request(location, "HEAD", {}, null, options.signal);
      if (answer.status !== 200) return null;
      offset = Number(answer.headers.get("Upload-Offset"));
      // Acknowledged bytes are no longer in memory to send again.
      if (!(offset >= start && offset <= end))
        throw new UploadError("lost", "the server has lost a part of the upload");
      if (offset === end) return answer;
      asked = true;
    }
    // Until the answer arrives, only the server knows the offset.
    asked = false;
    return accepted(await patch(location, offset, bytes.subarray(offset - start), {}, options.signal), end);
  });
}

/** Declares the length, until the server confirms that the upload is stored. */
async function complete(location: URL, length: number, options: UploadOptions): Promise<Response> {
  return persistently(
    options,
    async () => {
      const nothing = new Uint8Array(0);
      const declared = { "Upload-Length": String(length) };
      const answer = await patch(location, length, nothing, declared, options.signal);
      // An earlier request whose answer was lost has declared the length already.
      const again = answer.status === 400 ? await patch(location, length, nothing, {}, options.signal) : answer;
      return accepted(again, length);
      // The line has let the bytes through.
    },
    new LineJudge(Number.POSITIVE_INFINITY),
  );
}

function patch(
  location: URL,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const needed = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  return request(location, "PATCH", { ...needed, ...headers }, bytes, signal);
}

function accepted(answer: Response, end: number): Response | null {
  return answer.status === 204 && Number(answer.headers.get("Upload-Offset")) === end ? answer : null;
}

/** Retries `attempt` with backoff after null and network errors, until it returns a value. */
async function persistently<Value>(
  options: UploadOptions,
  attempt: () => Promise<Value | null>,
  judge = new LineJudge(),
): Promise<Value> {
  for (let failures = 0; ; ) {
    options.signal.throwIfAborted();
    let line: Line = "broken";
    try {
      const value = await attempt();
      if (value !== null) {
        if (failures > 0) options.onLine("working");
        return value;
      }
    } catch (cause) {
      if (options.signal.aborted || cause instanceof UploadError) throw cause;
      if (judge.isBlocked(cause)) throw new UploadError("blocked", "something on the way forbids uploads", { cause });
      if (cause instanceof BusyServerError) line = "busy";
    }
    failures += 1;
    options.onLine(line);
    await waitForRetry(backoffMs(failures), options.signal);
  }
}

/** @throws UploadError when a retry would not help; BusyServerError; TypeError when there is no answer */
async function request(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer> | null,
  signal: AbortSignal,
): Promise<Response> {
  // Not AbortSignal.any: phones a few years old lack it.
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  const timer = setTimeout(end, REQUEST_TIMEOUT_MS);
  signal.addEventListener("abort", end);
  const answer = await fetch(url, {
    method,
    headers: { ...TUS, ...headers },
    body,
    signal: ending.signal,
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  });
  requireOwnAnswer(method, answer);
  const refusal = REFUSALS[answer.status];
  if (refusal !== undefined)
    throw new UploadError(refusal, `the server answered ${answer.status}: ${(await answer.text()).trim()}`);
  if (answer.status === 404 || answer.status === 410)
    throw new UploadError("lost", "the server does not know this upload");
  if (answer.status === 503 || answer.status === 429) {
    const code = (await answer.clone().text()).trim();
    if (code === "key_expired") throw new UploadError("key_expired", "a recipient's certificate has expired");
    if (code !== "proof_of_work") throw new BusyServerError("busy", `the server answered ${answer.status}: ${code}`);
  }
  return answer;
}

/**
 * Declares the partial upload complete: it is no whole message, so the server removes it. Bytes in flight when the user
 * cancelled may still change the offset, so this takes a few attempts.
 */
async function remove(location: URL): Promise<void> {
  const signal = AbortSignal.timeout(REMOVE_TIMEOUT_MS);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { status, headers } = await request(location, "HEAD", {}, null, signal);
      const offset = Number(headers.get("Upload-Offset"));
      if (status === 200) {
        const ended = { "Upload-Length": String(offset) };
        await patch(location, offset, new Uint8Array(0), ended, signal);
      }
      await waitForRetry(Math.min(2_000, 200 * attempt), signal);
    }
  } catch (cause) {
    // Refused as no message, or unknown: the server has removed it.
    if (cause instanceof UploadError && (cause.code === "refused" || cause.code === "lost")) return;
    throw new UploadError("not_removed", "the server still holds what was sent before it was cancelled", { cause });
  }
}
