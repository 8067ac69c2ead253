import { Worker } from "node:worker_threads";

/** A thread that says nothing but that there is news. */
export class WorkingThread {
  readonly #worker: Worker;
  #fault: Error | null = null;
  #heard: () => void = () => undefined;

  constructor(program: URL) {
    this.#worker = new Worker(program);
    this.#worker.on("message", () => this.#heard());
    this.#worker.on("error", (cause) => {
      this.#fault ??= cause instanceof Error ? cause : new Error("the thread has failed", { cause });
    });
    this.#worker.on("exit", () => {
      this.#fault ??= new Error("the thread has ended too early");
      this.#heard();
    });
  }

  /** Gives it something to do. */
  order(order: object): void {
    this.#worker.ref();
    this.#worker.postMessage(order);
  }

  /** Resolves at its next news. @throws Error if it has ended instead */
  async news(): Promise<void> {
    if (this.#fault === null) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    if (this.#fault !== null) throw this.#fault;
  }

  /** Lets the process end although it is there. */
  rest(): void {
    this.#worker.unref();
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
