import { Worker } from "node:worker_threads";

/** A worker thread whose messages carry no data: each is a wake-up. */
export class WorkerThread {
  readonly #worker: Worker;
  #error: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(program: URL) {
    this.#worker = new Worker(program);
    this.#worker.on("message", () => this.#wake());
    this.#worker.on("error", (cause) => {
      this.#error ??= cause instanceof Error ? cause : new Error("the worker thread failed", { cause });
    });
    this.#worker.on("exit", () => {
      this.#error ??= new Error("the thread has ended too early");
      this.#wake();
    });
  }

  /** Posts a message and keeps the process alive for the answer. */
  post(message: object): void {
    this.#worker.ref();
    this.#worker.postMessage(message);
  }

  /** Resolves at the next message. @throws Error if the thread has exited instead */
  async nextMessage(): Promise<void> {
    if (this.#error === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== null) throw this.#error;
  }

  /** Lets the process exit while the thread is idle. */
  unref(): void {
    this.#worker.unref();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
