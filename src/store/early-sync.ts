import type { FileHandle } from "node:fs/promises";

/** Bytes after which the disk is set to work. */
const PORTION = 32 * 1024 * 1024;

/**
 * Has the disk begin with what has been written while more is being made, so that little is left to wait for at the end. A fault
 * of the disk is told once to whoever syncs: what is found here must not be lost.
 */
export class EarlySync {
  readonly #file: FileHandle;
  #written = 0;
  #underWay: Promise<void> | null = null;
  #fault: unknown = null;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** To be told of all that has been written. */
  wrote(bytes: number): void {
    this.#written += bytes;
    if (this.#written < PORTION || this.#underWay !== null) return;
    this.#written = 0;
    this.#underWay = this.#file
      .datasync()
      .catch((cause: unknown) => {
        this.#fault ??= cause;
      })
      .finally(() => {
        this.#underWay = null;
      });
  }

  /** Resolves when the disk is at rest. @throws the fault that was met with */
  async settled(): Promise<void> {
    await this.#underWay;
    if (this.#fault !== null) throw this.#fault;
  }
}
