import { BlockDigest, Fault } from "../core/index.js";
import { rest, waitBefore } from "./backoff.js";
import { Chunks } from "./chunks.js";
import type { Line } from "./messages.js";
import { solveTask } from "./proof-of-work.js";

/** Why the server will not take it, as its answer says; `lost`: it knows nothing of this upload any more. */
export type UploadFault =
  | "too_large"
  | "refused"
  | "no_space"
  | "key_expired"
  | "lost"
  | "digest_mismatch"
  /** It was cancelled; what had been sent goes by itself within two days. */
  | "not_removed";

export class UploadError extends Fault<UploadFault> {}

/** Refused for now, by a server that has too much to do. */
class BusyServerError extends Fault<"busy"> {}

export interface UploadOptions {
  /** Where uploads are created. */
  readonly endpoint: URL;
  /** Cancels the upload; its partial contents are removed from the server. */
  readonly signal: AbortSignal;
  /** Told how many bytes the server has acknowledged. */
  readonly onProgress: (bytes: number) => void;
  /** Told when all of it has gone and only the server's word that it is stored is awaited. */
  readonly onSent: () => void;
  /** Told what keeps the upload from going on, and when nothing does any more. */
  readonly onLine: (line: Line) => void;
  /** Resolves when the upload may go on: at once unless the person has paused it. */
  readonly mayGoOn: () => Promise<void>;
}

const TUS = { "Tus-Resumable": "1.0.0" };
const SMALLEST_CHUNK = 64 * 1024;
const LARGEST_CHUNK = 8 * 1024 * 1024;
/** A chunk should take about this long, so that progress is seen to move and little is lost with the line. */
const CHUNK_TIME_MS = 2_000;
/** A request that takes longer is taken for dead. The smallest chunk then needs 0.7 KiB/s. */
const TIMEOUT_MS = 90_000;
/** How long the client tries to have a cancelled upload removed. */
const REMOVING_TIME_MS = 30_000;
const REFUSALS: Readonly<Record<number, UploadFault>> = { 413: "too_large", 422: "refused", 507: "no_space" };

/**
 * Uploads `ciphertext` by tus 1.0.0 as it is made, in constant memory: one chunk is held until the server has acknowledged
 * it. After an error it asks the server how far it has come and goes on from there, and gives up only when told to.
 *
 * @throws UploadError when the server refuses, or stored something else than was sent; the signal's reason when cancelled
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
  // At most doubled: one lucky chunk must not make the next one take minutes.
  return Math.round(Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, Math.min(fitting, 2 * bytes))));
}

async function create(options: UploadOptions): Promise<URL> {
  let proof: Readonly<Record<string, string>> = {};
  const response = await persistently(options, async () => {
    const ask = () => begin({ "Upload-Defer-Length": "1", ...proof }, options);
    let answer = await ask();
    if (answer.status === 429) {
      options.onLine("proving");
      proof = { "Postern-Proof": await solveTask(options.endpoint, options.signal) };
      answer = await ask();
      // Each is good for once.
      proof = {};
      if (answer.status === 201) options.onLine("working");
    }
    return answer.status === 201 ? answer : null;
  });
  return new URL(response.headers.get("Location") ?? "", options.endpoint);
}

/** @throws UploadError `refused` where nothing takes uploads: beginning anew would not help */
async function begin(headers: Readonly<Record<string, string>>, options: UploadOptions): Promise<Response> {
  try {
    const answer = await request(options.endpoint, "POST", headers, null, options.signal);
    if (answer.status !== 405 && answer.status !== 501) return answer;
  } catch (cause) {
    if (!(cause instanceof UploadError) || cause.code !== "lost") throw cause;
  }
  throw new UploadError("refused", "nothing at this address takes uploads");
}

/** Sends `bytes`, which begin at `start` of the whole, until the server has all of them. */
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
      // What was acknowledged cannot be sent again: it is not kept.
      if (!(offset >= start && offset <= end))
        throw new UploadError("lost", "the server has lost a part of the upload");
      if (offset === end) return answer;
      asked = true;
    }
    // From here on only the server knows how far it has come.
    asked = false;
    return accepted(await patch(location, offset, bytes.subarray(offset - start), {}, options.signal), end);
  });
}

/** Declares the upload complete until the server says that it is stored. */
async function complete(location: URL, length: number, options: UploadOptions): Promise<Response> {
  return persistently(options, async () => {
    const nothing = new Uint8Array(0);
    const declared = { "Upload-Length": String(length) };
    const answer = await patch(location, length, nothing, declared, options.signal);
    // The length has been declared already, by a request whose answer was lost.
    const again = answer.status === 400 ? await patch(location, length, nothing, {}, options.signal) : answer;
    return accepted(again, length);
  });
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

/** Tries until `attempt` gives something, waiting longer each time; null and network errors mean to try again. */
async function persistently<Value>(options: UploadOptions, attempt: () => Promise<Value | null>): Promise<Value> {
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
      if (cause instanceof BusyServerError) line = "busy";
    }
    failures += 1;
    options.onLine(line);
    await rest(waitBefore(failures), options.signal);
  }
}

/** @throws UploadError when the answer says that trying again would not help; TypeError when there is no answer */
async function request(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer> | null,
  signal: AbortSignal,
): Promise<Response> {
  // AbortSignal.any would do both, but phones of a few years ago do not have it.
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  const timer = setTimeout(end, TIMEOUT_MS);
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
 * An upload that ends where it is, is not a message: the server removes it. What was on its way when the person cancelled
 * may still be arriving, so that it can take a few tries.
 */
async function remove(location: URL): Promise<void> {
  const signal = AbortSignal.timeout(REMOVING_TIME_MS);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { status, headers } = await request(location, "HEAD", {}, null, signal);
      const offset = Number(headers.get("Upload-Offset"));
      if (status === 200) {
        const ended = { "Upload-Length": String(offset) };
        await patch(location, offset, new Uint8Array(0), ended, signal);
      }
      await rest(Math.min(2_000, 200 * attempt), signal);
    }
  } catch (cause) {
    // Refused as no message, or not known any more: it is gone.
    if (cause instanceof UploadError && (cause.code === "refused" || cause.code === "lost")) return;
    throw new UploadError("not_removed", "the server still holds what was sent before it was cancelled", { cause });
  }
}
