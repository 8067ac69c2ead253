import type { FileHandle } from "node:fs/promises";

/** Milliseconds after which a file that nobody goes on with is put away. */
const IDLE = 2_000;
/** Many more than are written at one time. */
const MOST = 256;

interface Kept {
  readonly file: FileHandle;
  readonly since: number;
}

/** Files that stay open for a moment, because whoever goes on with them is likely to come at once. */
export class KeptFiles {
  readonly #putAway: (file: FileHandle) => Promise<void>;
  /** In the order in which they were kept. */
  readonly #files = new Map<string, Kept>();
  #timer: NodeJS.Timeout | null = null;

  /** @param putAway does what is still to be done with a file, and closes it */
  constructor(putAway: (file: FileHandle) => Promise<void>) {
    this.#putAway = putAway;
  }

  keep(name: string, file: FileHandle): void {
    const before = this.take(name);
    if (before !== null) this.#end(before);
    this.#files.set(name, { file, since: performance.now() });
    if (this.#files.size > MOST) this.#endOldest();
    // Nothing is lost with a process that ends before.
    this.#timer ??= setTimeout(() => this.#endIdle(), IDLE).unref();
  }

  /** The file, which is the caller's from here on; null if it is not kept. */
  take(name: string): FileHandle | null {
    const kept = this.#files.get(name);
    this.#files.delete(name);
    return kept?.file ?? null;
  }

  #endIdle(): void {
    this.#timer = null;
    const now = performance.now();
    for (const [name, { file, since }] of this.#files) {
      if (now - since < IDLE) {
        this.#timer = setTimeout(() => this.#endIdle(), IDLE - (now - since)).unref();
        return;
      }
      this.#files.delete(name);
      this.#end(file);
    }
  }

  #endOldest(): void {
    const [oldest] = this.#files;
    if (oldest === undefined) return;
    this.#files.delete(oldest[0]);
    this.#end(oldest[1].file);
  }

  #end(file: FileHandle): void {
    // What was written is in the file; who needs more of it opens it again.
    this.#putAway(file).catch(() => undefined);
  }
}
