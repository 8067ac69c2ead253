import { mkdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { CaseRecord } from "../../cases/index.js";
import { ARCHIVE_LIMITS, Fault, StallTimer } from "../../core/index.js";
import type { DecryptionKey } from "../../native/decrypt/index.js";
import { readReport } from "./open-report.js";
import { MAX_PER_THREAD, type OnRead } from "./opener.js";
import { OpenError } from "./outcome.js";
import type { Source } from "./source.js";

/** An error in a worker, with the code that it had there. */
export class WorkerFault extends Fault<string> {}

/** The first message to a worker. */
export interface OpenKeys {
  readonly native: readonly DecryptionKey[];
  /** The bodies of all unlocked packets. */
  readonly unlocked: readonly Uint8Array[];
}

export interface OpenRequest {
  readonly id: number;
  readonly file: string;
  readonly folder: string;
  readonly source: Source;
}

export interface Job {
  readonly request: OpenRequest;
  /** Bytes of its file, which progress may not exceed. */
  readonly bytes: number;
  /** Share of {@link MAX_PER_THREAD}. A large file takes all of it, so that no small file waits behind it. */
  readonly weight: number;
  readonly onRead: OnRead | undefined;
  readonly resolve: (record: CaseRecord) => void;
  readonly reject: (cause: Error) => void;
}

/** A job in a thread, and what the thread has reported of it. */
interface Begun {
  readonly job: Job;
  read: number;
  written: number;
}

/** Twice: what a person packed themselves is written as a whole and then unpacked. */
const MAX_WRITTEN_BYTES = 2 * ARCHIVE_LIMITS.bytes;
/** Time in which a terminated thread must end. */
const END_TIMEOUT_MS = 10_000;

/**
 * A worker thread and its jobs. A thread that crashes, stalls or does not make sense is replaced; its jobs are tried
 * again, each alone, so that only the one to blame fails.
 */
export class OpenThread {
  readonly #program: URL;
  readonly #keys: Promise<OpenKeys>;
  readonly #onDone: () => void;
  /** Receives the jobs that are to be retried. */
  readonly #retries: Job[];
  readonly #jobs = new Map<number, Begun>();
  readonly #stall: StallTimer;
  #worker: Worker | null = null;
  /** Why it gets no keys. */
  #keysFault: OpenError | null = null;
  #closed = false;
  /** Sum of the jobs' weights. */
  load = 0;

  constructor(program: URL, keys: Promise<OpenKeys>, onDone: () => void, retries: Job[], stallTimeoutMs: number) {
    this.#program = program;
    this.#keys = keys;
    this.#onDone = onDone;
    this.#retries = retries;
    this.#stall = new StallTimer(
      stallTimeoutMs,
      () => void this.#give(new OpenError("stalled", "there was no progress for too long")),
    );
    this.#start();
  }

  assign(job: Job): void {
    if (this.#keysFault !== null) {
      job.reject(this.#keysFault);
      return;
    }
    this.#jobs.set(job.request.id, { job, read: 0, written: 0 });
    this.load += job.weight;
    if (this.#jobs.size === 1) this.#stall.start();
    try {
      if (this.#worker === null) this.#start();
      this.#worker?.postMessage(job.request);
    } catch (cause) {
      void this.#give(crash(cause));
    }
  }

  /** Resolves once the thread has ended, or does not end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stall.stop();
    const stopped = new OpenError("stopped", "the workers have been stopped");
    for (const { job } of this.#jobs.values()) job.reject(stopped);
    this.#jobs.clear();
    if (this.#worker !== null) await ended(this.#worker);
  }

  #start(): void {
    const worker = new Worker(this.#program);
    this.#worker = worker;
    // Without keys it would wait for ever.
    this.#keys.then((keys) => worker.postMessage(keys)).catch((cause: unknown) => this.#failAll(cause));
    let cause: unknown;
    const current = () => worker === this.#worker;
    worker.on("message", (message: unknown) => current() && this.#onMessage(message));
    worker.on("messageerror", (error) => current() && this.#give(garbled(error)));
    worker.on("error", (error) => {
      cause = error;
    });
    worker.on("exit", () => current() && this.#give(crash(cause)));
  }

  #onMessage(message: unknown): void {
    const report = readReport(message);
    const begun = report === null ? undefined : this.#jobs.get(report.id);
    if (report === null || begun === undefined) return void this.#give(garbled());
    const { job } = begun;
    if (report.kind === "written") begun.written += report.bytes;
    else if (report.kind !== "failed") begun.read += report.bytes;
    if (begun.read > job.bytes || begun.written > MAX_WRITTEN_BYTES) return void this.#give(garbled());
    this.#stall.progress();
    if (report.kind === "written") return;
    if (report.kind !== "failed") job.onRead?.(report.bytes);
    if (report.kind === "read") return;
    this.#jobs.delete(report.id);
    this.load -= job.weight;
    if (this.#jobs.size === 0) this.#stall.stop();
    if (report.kind === "opened") job.resolve(report.record);
    else job.reject(new WorkerFault(report.code ?? "crashed", report.message));
    this.#onDone();
  }

  /** Gives the thread up because of `cause`. */
  async #give(cause: OpenError): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#stall.stop();
    const jobs = [...this.#jobs.values()].map(({ job }) => job);
    this.#jobs.clear();
    // No new jobs until it has ended.
    this.load = MAX_PER_THREAD;
    const gone = worker === null || (await ended(worker));
    for (const job of jobs) {
      // A thread that still runs may still write into the folder.
      if (jobs.length === 1 || this.#closed || !gone || !emptyFolder(job.request.folder)) job.reject(cause);
      else this.#retries.unshift({ ...job, weight: MAX_PER_THREAD });
    }
    this.load = 0;
    this.#onDone();
  }

  #failAll(cause: unknown): void {
    this.#keysFault = new OpenError("crashed", "the decryption worker got no keys", { cause });
    for (const { job } of this.#jobs.values()) job.reject(this.#keysFault);
    this.#jobs.clear();
    this.#stall.stop();
    this.load = 0;
    this.#onDone();
  }
}

/** Whether the thread has ended in time. One that has not keeps no process alive. */
async function ended(worker: Worker): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), END_TIMEOUT_MS);
  });
  const gone = await Promise.race([
    worker.terminate().then(
      () => true,
      () => false,
    ),
    late,
  ]);
  clearTimeout(timer);
  if (!gone) worker.unref();
  return gone;
}

function garbled(cause?: unknown): OpenError {
  return new OpenError("crashed", "the decryption worker did not make sense", { cause });
}

function crash(cause: unknown): OpenError {
  const outOfMemory = cause instanceof Error && "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY";
  return outOfMemory
    ? new OpenError("out_of_memory", "the decryption worker ran out of memory", { cause })
    : new OpenError("crashed", "the decryption worker crashed on this file", { cause });
}

function emptyFolder(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}
