import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { ReplyAddress } from "../../core/index.js";

/** A receipt code, and the address that derives from it. */
export interface AssignedCode {
  readonly code: string;
  readonly address: ReplyAddress;
}

const MAX_CODES = 512;
/** How long it waits before it looks again whether there is anything else to do. */
const BUSY_PAUSE_MS = 500;
/** It holds a code and an address at a time. */
const MAX_HEAP_MIB = 16;

/**
 * Receipt codes made while nothing else is to be done, since deriving the address of one takes a third of a second of a
 * core. They are in memory only. Each is given once, and those that are left are forgotten at the end.
 */
export class CodeStock {
  readonly #salt: Uint8Array;
  readonly #isBusy: () => boolean;
  readonly #max: number;
  readonly #codes: AssignedCode[] = [];
  #thread: Worker | null = null;
  /** Whether a code is being made, or will be once nothing else is to be done. */
  #making = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param salt the portal salt, 16 bytes
   * @param isBusy whether the portal has letters to do
   */
  constructor(salt: Uint8Array, isBusy: () => boolean, max = MAX_CODES) {
    this.#salt = salt;
    this.#isBusy = isBusy;
    this.#max = max;
  }

  get size(): number {
    return this.#codes.length;
  }

  /** Begins to make codes. Where no thread can be had, the stock stays empty, and letters wait for their codes. */
  open(): void {
    if (this.#thread !== null || this.#max === 0) return;
    const program = createRequire(import.meta.url).resolve("#code-thread");
    const thread = new Worker(pathToFileURL(program), {
      workerData: this.#salt,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    thread.unref();
    thread.on("message", (made: AssignedCode) => {
      if (this.#thread !== thread) return;
      this.#making = false;
      this.#codes.push(made);
      this.#make();
    });
    thread.on("error", () => undefined);
    this.#thread = thread;
    this.#make();
  }

  /** A code that nobody has been given; null if there is none at the moment. */
  take(): AssignedCode | null {
    const code = this.#codes.shift() ?? null;
    this.#make();
    return code;
  }

  /** Ends the thread and forgets the codes. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    this.#thread = null;
    this.#codes.length = 0;
    await thread?.terminate();
  }

  #make(): void {
    if (this.#thread === null || this.#making || this.#codes.length >= this.#max) return;
    this.#making = true;
    this.#makeWhenIdle(this.#thread);
  }

  #makeWhenIdle(thread: Worker): void {
    if (!this.#isBusy()) thread.postMessage(null);
    else this.#timer = setTimeout(() => this.#makeWhenIdle(thread), BUSY_PAUSE_MS).unref();
  }
}
