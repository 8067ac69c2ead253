import type { FileHandle } from "node:fs/promises";

const IDLE_TIMEOUT_MS = 2_000;
/** Far more files than are written at a time. */
const MAX_OPEN_FILES = 256;

interface IdleFile {
  readonly file: FileHandle;
  /** Milliseconds, as `performance.now()` tells them. */
  readonly since: number;
}

/** Idle files that stay open for a moment, because the next request for them is likely to come soon. */
export class OpenFiles {
  readonly #close: (file: FileHandle) => Promise<void>;
  /** By name, longest idle first. */
  readonly #files = new Map<string, IdleFile>();
  #timer: NodeJS.Timeout | null = null;

  /** @param close does any work left on a file, and closes it */
  constructor(close: (file: FileHandle) => Promise<void>) {
    this.#close = close;
  }

  put(name: string, file: FileHandle): void {
    const before = this.take(name);
    if (before !== null) this.#closeQuietly(before);
    this.#files.set(name, { file, since: performance.now() });
    if (this.#files.size > MAX_OPEN_FILES) this.#closeOldest();
    // Nothing is lost if the process exits before the timer fires.
    this.#timer ??= setTimeout(() => this.#closeIdle(), IDLE_TIMEOUT_MS).unref();
  }

  /** The file, which the caller then has to close; null if it is not open. */
  take(name: string): FileHandle | null {
    const idle = this.#files.get(name);
    this.#files.delete(name);
    return idle?.file ?? null;
  }

  #closeIdle(): void {
    this.#timer = null;
    const now = performance.now();
    for (const [name, { file, since }] of this.#files) {
      if (now - since < IDLE_TIMEOUT_MS) {
        this.#timer = setTimeout(() => this.#closeIdle(), IDLE_TIMEOUT_MS - (now - since)).unref();
        return;
      }
      this.#files.delete(name);
      this.#closeQuietly(file);
    }
  }

  #closeOldest(): void {
    const [oldest] = this.#files;
    if (oldest === undefined) return;
    this.#files.delete(oldest[0]);
    this.#closeQuietly(oldest[1].file);
  }

  #closeQuietly(file: FileHandle): void {
    // The data is in the file; the next request reopens it.
    this.#close(file).catch(() => undefined);
  }
}
