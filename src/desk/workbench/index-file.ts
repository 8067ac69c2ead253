import type { Contents } from "./contents.js";

/** How often to look whether `index.html` has become old, ms. To write it at each change would take all the time. */
export const INDEX_INTERVAL_MS = 60_000;

/** Keeps `index.html`, which works without the workbench, as the cases and notes are. */
export class IndexFile {
  readonly #contents: Pick<Contents, "indexState" | "writeIndex">;
  readonly #onFault: (fault: Error) => void;
  readonly #timer: NodeJS.Timeout;
  /** As of the last writing; null at the beginning: notes may have been written since a command wrote it. */
  #written: string | null = null;
  #last: Promise<void> = Promise.resolve();
  #isBusy = false;
  #lastFault = "";

  /** @param onFault told of what keeps it from being written, once for each kind */
  constructor(
    contents: Pick<Contents, "indexState" | "writeIndex">,
    onFault: (fault: Error) => void,
    intervalMs = INDEX_INTERVAL_MS,
  ) {
    this.#contents = contents;
    this.#onFault = onFault;
    this.#timer = setInterval(() => {
      if (!this.#isBusy) void this.#update();
    }, intervalMs);
    this.#timer.unref();
  }

  /** Looks no more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Writes it for the last time, if anything has changed. */
  async end(): Promise<void> {
    this.stop();
    await this.#update();
  }

  #update(): Promise<void> {
    this.#last = this.#last.then(() => this.#write());
    return this.#last;
  }

  async #write(): Promise<void> {
    this.#isBusy = true;
    try {
      const state = await this.#contents.indexState();
      if (state !== this.#written && (await this.#contents.writeIndex())) this.#written = state;
      this.#lastFault = "";
    } catch (cause) {
      const fault = cause instanceof Error ? cause : new Error(String(cause));
      if (fault.message !== this.#lastFault) this.#onFault(fault);
      this.#lastFault = fault.message;
    } finally {
      this.#isBusy = false;
    }
  }
}
