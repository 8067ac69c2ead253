import type { FileHandle } from "node:fs/promises";

/** After this much has been written, a sync starts. */
const PORTION_BYTES = 32 * 1024 * 1024;

/**
 * Starts writeback while more is being written, so that the final fsync has little left to do. The system reports a
 * disk error to one sync only, so an error found here must not be lost.
 */
export class EarlySync {
  readonly #file: FileHandle;
  #written = 0;
  #syncing: Promise<void> | null = null;
  #error: unknown = null;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** To be called after each write. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#written < PORTION_BYTES || this.#syncing !== null) return;
    this.#written = 0;
    this.#syncing = this.#file
      .datasync()
      .catch((cause: unknown) => {
        this.#error ??= cause;
      })
      .finally(() => {
        this.#syncing = null;
      });
  }

  /** Resolves when no sync is running. @throws the first error of a sync */
  async settled(): Promise<void> {
    await this.#syncing;
    if (this.#error !== null) throw this.#error;
  }
}
