import { closeSync, fsync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { syncFolder } from "./folder-sync.js";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Files that may wait for the disk at one time: an archive may hold a thousand, and a process may not have so many open. */
const MOST_OPEN = 16;
const synced = promisify(fsync);

/**
 * Writes the files of one case into its private folder. Short ones at once, by calls that wait: there, a thread that does
 * nothing else is several times as fast. What takes long is waited for all together, in {@link settle}.
 */
export class CaseWriter {
  readonly #folder: string;
  readonly #folders: string[];
  /** Descriptors of what is written and not yet on the disk. */
  readonly #written: number[] = [];

  /** @param folder which must be empty and private */
  constructor(folder: string) {
    this.#folder = folder;
    this.#folders = [folder];
  }

  /** Does nothing if it is there. */
  makeFolder(name: string): void {
    const folder = join(this.#folder, name);
    if (this.#folders.includes(folder)) return;
    mkdirSync(folder, { mode: FOLDER_MODE });
    this.#folders.push(folder);
  }

  write(path: string, contents: Uint8Array): void {
    if (this.#written.length === MOST_OPEN) this.#settleOne();
    const descriptor = openSync(join(this.#folder, path), "wx", FILE_MODE);
    this.#written.push(descriptor);
    for (let written = 0; written < contents.length; ) written += writeSync(descriptor, contents, written);
  }

  async writeFrom(path: string, body: ReadableStream<Uint8Array>): Promise<void> {
    const file = await open(join(this.#folder, path), "wx", FILE_MODE);
    try {
      for await (const chunk of body) {
        for (let written = 0; written < chunk.length; ) {
          written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Everything is on the disk when this resolves. */
  async settle(): Promise<void> {
    // All at once: the disk then has one thing to write, not one after the other.
    await Promise.all(this.#written.map((descriptor) => synced(descriptor)));
    this.close();
    await Promise.all(this.#folders.map(syncFolder));
  }

  /** Lets go of what has not been settled and is to be thrown away. */
  close(): void {
    for (const descriptor of this.#written.splice(0)) closeSync(descriptor);
  }

  #settleOne(): void {
    const descriptor = this.#written.shift();
    if (descriptor === undefined) return;
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}
