import { mkdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { CaseRecord } from "../../cases/index.js";
import { Fault } from "../../core/index.js";
import type { DecryptionKey } from "../../native/decrypt/index.js";
import { BESIDE, type OnRead } from "./opener.js";
import type { Source } from "./source.js";

/** What went wrong in a worker, with the code that it had there. */
export class WorkerFault extends Fault<string> {}

/** The first thing that a worker is told. */
export interface OpenKeys {
  readonly quick: readonly DecryptionKey[];
  /** The same keys and all others, unlocked. */
  readonly armored: readonly string[];
}

export interface OpenOrder {
  readonly id: number;
  readonly file: string;
  readonly folder: string;
  readonly source: Source;
}

/** What a worker says of the order with this id; `bytes` have been read since it last said so. */
export type OpenReport = { readonly id: number } & (
  | { readonly kind: "read"; readonly bytes: number }
  | { readonly kind: "opened"; readonly record: CaseRecord; readonly bytes: number }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string }
);

export interface Job {
  readonly order: OpenOrder;
  /** Of {@link BESIDE}. Whoever has a long file has nothing else, so that no short one waits for it. */
  readonly weight: number;
  readonly onRead: OnRead | undefined;
  readonly resolve: (record: CaseRecord) => void;
  readonly reject: (cause: Error) => void;
}

/** A thread with what it has to do; another one takes the place of one that falls over. */
export class OpenThread {
  readonly #start: () => Worker;
  readonly #onDone: () => void;
  /** Where jobs go that have to be done again. */
  readonly #again: Job[];
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | null;
  #closed = false;
  load = 0;

  constructor(program: URL, keys: Promise<OpenKeys>, onDone: () => void, again: Job[]) {
    this.#start = () => {
      const worker = new Worker(program);
      keys.then(
        (given) => worker.postMessage(given),
        () => undefined,
      );
      let cause: unknown;
      worker.on("message", (report: OpenReport) => this.#hear(report));
      worker.on("error", (error) => {
        cause = error;
      });
      worker.on("exit", () => this.#fallenOver(cause));
      return worker;
    };
    this.#onDone = onDone;
    this.#again = again;
    this.#worker = this.#start();
  }

  give(job: Job): void {
    this.#worker ??= this.#start();
    this.#jobs.set(job.order.id, job);
    this.load += job.weight;
    this.#worker.postMessage(job.order);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #hear(report: OpenReport): void {
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

  #fallenOver(cause: unknown): void {
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#worker = null;
    this.load = 0;
    if (this.#closed || jobs.length === 1) {
      const why = this.#closed
        ? "the workers have been stopped"
        : "the program that decrypts has fallen over on this file";
      for (const job of jobs) job.reject(new Error(why, { cause }));
    } else {
      // One of them did it, and the others are not to suffer for it: each once more, by itself.
      for (const job of jobs) emptied(job.order.folder);
      this.#again.unshift(...jobs.map((job) => ({ ...job, weight: BESIDE })));
    }
    this.#onDone();
  }
}

function emptied(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
}
