import type { FileHandle } from "node:fs/promises";

/** Bytes that may wait for the disk. */
const MOST_WAITING = 1024 * 1024;

/**
 * Writes to an open file while more is on its way: one write at a time, and what comes meanwhile waits and is written together.
 * What comes slowly is written at once, unless `atLeast` says otherwise.
 */
export class GatheringWriter {
  readonly #file: FileHandle;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> | null = null;
  /** Bytes that are worth a write, until {@link flush}. */
  atLeast = 1;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Resolves when there is room for more. Rejects if the disk has failed; then every call does. */
  async add(chunk: Uint8Array): Promise<void> {
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    if (this.#writing === null && this.#bytes >= this.atLeast) this.#begin();
    if (this.#bytes >= MOST_WAITING) await this.#writing;
  }

  /** Resolves when everything has been handed to the disk. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#bytes > 0) this.#begin();
    await this.#writing;
  }

  #begin(): void {
    this.#writing = this.#write();
    // It stays where it is, for the next call to meet with.
    this.#writing.catch(() => undefined);
  }

  async #write(): Promise<void> {
    do {
      const chunks = this.#waiting;
      this.#waiting = [];
      this.#bytes = 0;
      await writeTogether(this.#file, chunks);
    } while (this.#bytes >= this.atLeast);
    // In the same turn in which nothing was found to wait: what comes next begins anew.
    this.#writing = null;
  }
}

export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
  }
}

/** Writes `chunks` by one call, unless the disk takes less at once. */
async function writeTogether(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const [first, ...more] = chunks;
  if (first === undefined) return;
  if (more.length === 0) return writeAll(file, first);
  let { bytesWritten: written } = await file.writev(chunks);
  for (const chunk of chunks) {
    if (written < chunk.length) await writeAll(file, chunk.subarray(written));
    written = Math.max(0, written - chunk.length);
  }
}

/** Writes all that `chunks` yield, and also what had come before they fail. */
export async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const writer = new GatheringWriter(file);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      onChunk?.(chunk);
      await writer.add(chunk);
    }
  } catch (cause) {
    await writer.flush().catch(() => undefined);
    throw cause;
  }
  await writer.flush();
  return bytes;
}
