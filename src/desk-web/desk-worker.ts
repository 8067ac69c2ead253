import { StallTimer } from "../core/index.js";
import { startWorker } from "../dom/index.js";
import { DeskError } from "./desk-error.js";
import type { DeskFault, DeskKeys, DeskRequest } from "./desk-messages.js";
import { readResponse } from "./read-response.js";

export interface Job {
  readonly request: DeskRequest;
  readonly onRead: (bytes: number) => void;
  readonly resolve: (value: never) => void;
  readonly reject: (cause: DeskError) => void;
}

/**
 * One worker, which handles one request at a time. Every request ends: a worker that fails, falls silent or posts what
 * is no response is terminated, and the next request starts another.
 */
export class DeskWorker {
  readonly #script: string;
  readonly #onIdle: () => void;
  readonly #stall: StallTimer;
  #worker: Worker | null = null;
  #job: Job | null = null;
  #keys: DeskKeys | null = null;

  constructor(script: string, stallTimeoutMs: number, onIdle: () => void) {
    this.#script = script;
    this.#onIdle = onIdle;
    this.#stall = new StallTimer(stallTimeoutMs, () => this.#fail("stalled"));
    try {
      // Before its first request, since it takes a while to load.
      this.#worker = this.#start();
    } catch {
      // The first request tries again, and fails with the cause.
    }
  }

  get idle(): boolean {
    return this.#job === null;
  }

  /** To be called only while it is idle. */
  begin(job: Job): void {
    this.#job = job;
    this.#stall.start();
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage(job.request);
    } catch {
      this.#fail("crashed");
    }
  }

  /** The keys for all later requests, whichever worker handles them. */
  setKeys(keys: DeskKeys): void {
    this.#keys = keys;
    this.#worker?.postMessage(keys);
  }

  stop(): void {
    this.#fail("stopped");
  }

  #start(): Worker {
    const worker = startWorker(this.#script);
    const fail = () => {
      if (worker === this.#worker) this.#fail("crashed");
    };
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = fail;
    worker.onmessageerror = fail;
    if (this.#keys !== null) worker.postMessage(this.#keys);
    return worker;
  }

  #hear(message: unknown): void {
    const job = this.#job;
    const response = job === null ? null : readResponse(message, job.request.kind);
    if (job === null || response === null) {
      this.#fail("crashed");
      return;
    }
    this.#stall.progress();
    if (response.kind === "read") {
      job.onRead(response.bytes);
      return;
    }
    this.#job = null;
    this.#stall.stop();
    if (response.kind === "done") job.resolve(response.value as never);
    else job.reject(new DeskError(response.fault, response.detail));
    this.#onIdle();
  }

  #fail(fault: DeskFault): void {
    this.#stall.stop();
    this.#worker?.terminate();
    this.#worker = null;
    const job = this.#job;
    this.#job = null;
    if (job === null) return;
    job.reject(new DeskError(fault, ""));
    this.#onIdle();
  }
}
