import { mkdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { CaseRecord } from "../../cases/index.js";
import { Fault } from "../../core/index.js";
import type { DecryptionKey } from "../../native/decrypt/index.js";
import { MAX_PER_THREAD, type OnRead } from "./opener.js";
import type { Source } from "./source.js";

/** An error in a worker, with the code that it had there. */
export class WorkerFault extends Fault<string> {}

/** The first message to a worker. */
export interface OpenKeys {
  readonly native: readonly DecryptionKey[];
  /** All keys, unlocked. */
  readonly armored: readonly string[];
}

export interface OpenRequest {
  readonly id: number;
  readonly file: string;
  readonly folder: string;
  readonly source: Source;
}

/** A worker's message about the request with this id. `bytes` counts what it read since its last message. */
export type OpenReport = { readonly id: number } & (
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "opened"; readonly record: CaseRecord; readonly bytes: number }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string }
);

export interface Job {
  readonly request: OpenRequest;
  /** Share of {@link MAX_PER_THREAD}. A large file takes all of it, so that no small file waits behind it. */
  readonly weight: number;
  readonly onRead: OnRead | undefined;
  readonly resolve: (record: CaseRecord) => void;
  readonly reject: (cause: Error) => void;
}

/** A worker thread and its jobs. A thread that crashes is replaced. */
export class OpenThread {
  readonly #start: () => Worker;
  readonly #onDone: () => void;
  /** Receives the jobs that are to be retried. */
  readonly #retries: Job[];
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | null;
  #closed = false;
  /** Sum of the jobs' weights. */
  load = 0;

  constructor(program: URL, keys: Promise<OpenKeys>, onDone: () => void, retries: Job[]) {
    this.#start = () => {
      const worker = new Worker(program);
      keys.then(
        (unlocked) => worker.postMessage(unlocked),
        () => undefined,
      );
      let cause: unknown;
      worker.on("message", (report: OpenReport) => this.#onReport(report));
      worker.on("error", (error) => {
        cause = error;
      });
      worker.on("exit", () => this.#onExit(cause));
      return worker;
    };
    this.#onDone = onDone;
    this.#retries = retries;
    this.#worker = this.#start();
  }

  assign(job: Job): void {
    this.#worker ??= this.#start();
    this.#jobs.set(job.request.id, job);
    this.load += job.weight;
    this.#worker.postMessage(job.request);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #onReport(report: OpenReport): void {
    const job = this.#jobs.get(report.id);
    if (job === undefined) return;
    if (report.kind !== "failed") job.onRead?.(report.bytes);
    if (report.kind === "read") return;
    this.#jobs.delete(report.id);
    this.load -= job.weight;
    if (report.kind === "opened") job.resolve(report.record);
    else job.reject(new WorkerFault(report.code ?? "internal", report.message));
    this.#onDone();
  }

  #onExit(cause: unknown): void {
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#worker = null;
    this.load = 0;
    if (this.#closed || jobs.length === 1) {
      const why = this.#closed ? "the workers have been stopped" : "the decryption worker crashed on this file";
      for (const job of jobs) job.reject(new Error(why, { cause }));
    } else {
      // One of these files crashed the worker. Each is retried alone, so that the others still open.
      for (const job of jobs) emptyFolder(job.request.folder);
      this.#retries.unshift(...jobs.map((job) => ({ ...job, weight: MAX_PER_THREAD })));
    }
    this.#onDone();
  }
}

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
}
