import type { FileHandle } from "node:fs/promises";

/** Above this much buffered data, {@link BatchingWriter.add} waits for the disk. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** The same while all writers together buffer more than their budget. */
const MIN_BUFFERED_BYTES = 64 * 1024;
const BUDGET_BYTES = 64 * 1024 * 1024;
/** Bytes that all writers of the process hold. */
let held = 0;

/**
 * Writes chunks to an open file while more arrive. One write runs at a time; chunks that arrive meanwhile are buffered
 * and written together. A chunk that arrives alone is written at once, unless `minWriteBytes` is raised.
 */
export class BatchingWriter {
  /** Bytes that all writers of the process hold. */
  static get heldBytes(): number {
    return held;
  }

  readonly #file: FileHandle;
  #buffered: Uint8Array[] = [];
  #bufferedBytes = 0;
  #writing: Promise<void> | null = null;
  #failed = false;
  /** No write starts with fewer buffered bytes, except in {@link flush}. */
  minWriteBytes = 1;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Resolves when there is room for more. Rejects if a write has failed, and so does every later call. */
  async add(chunk: Uint8Array): Promise<void> {
    if (this.#failed) return this.#writing ?? undefined;
    this.#buffered.push(chunk);
    this.#bufferedBytes += chunk.length;
    held += chunk.length;
    const max = held > BUDGET_BYTES ? MIN_BUFFERED_BYTES : MAX_BUFFERED_BYTES;
    if (this.#writing === null && this.#bufferedBytes >= Math.min(max, this.minWriteBytes)) this.#begin();
    if (this.#bufferedBytes >= max) await this.#writing;
  }

  /** Forgets what is buffered. */
  discard(): void {
    held -= this.#bufferedBytes;
    this.#buffered = [];
    this.#bufferedBytes = 0;
  }

  /** Resolves once everything has been written. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#bufferedBytes > 0) this.#begin();
    await this.#writing;
  }

  #begin(): void {
    this.#writing = this.#write();
    // A rejected promise stays in #writing, where the next call meets it.
    this.#writing.catch(() => undefined);
  }

  async #write(): Promise<void> {
    do {
      const chunks = this.#buffered;
      const bytes = this.#bufferedBytes;
      this.#buffered = [];
      this.#bufferedBytes = 0;
      try {
        await writeTogether(this.#file, chunks);
      } catch (cause) {
        this.#failed = true;
        this.discard();
        throw cause;
      } finally {
        held -= bytes;
      }
    } while (this.#bufferedBytes >= this.minWriteBytes);
    // No await since the check: a chunk added later starts a new write.
    this.#writing = null;
  }
}

export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written, null)).bytesWritten;
  }
}

/** Writes `chunks` with one call, and what a short write left over with more. */
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

/**
 * Writes all of `chunks`. If they fail, what arrived before the failure is written too. Returns the number of bytes.
 */
export async function writeChunks(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const writer = new BatchingWriter(file);
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
