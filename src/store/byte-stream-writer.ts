import type { FileHandle } from "node:fs/promises";
import { writeAll } from "./batching-writer.js";
import { EarlySync } from "./early-sync.js";

/** Size of a read and of a write. */
const BLOCK_BYTES = 1024 * 1024;
/** The same for what may be a short letter, of which many come at once: fresh memory costs more than the letter. */
const FIRST_BYTES = 128 * 1024;
/** Those that letters have been written from, for the next ones: what they hold is on the disk, encrypted. */
const spare: Uint8Array<ArrayBuffer>[] = [];
const MAX_SPARE = 16;

const firstBuffer = (): Uint8Array<ArrayBuffer> => spare.pop() ?? new Uint8Array(FIRST_BYTES);

function spared({ buffer }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength === FIRST_BYTES && spare.length < MAX_SPARE) spare.push(new Uint8Array(buffer));
}

/** A reader that fills the caller's buffers, or null if the stream does not support that. */
export function byteReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
}

/** Writes everything from `reader`: one buffer is filled while the other is written. Returns the number of bytes. */
export async function writeBytes(
  file: FileHandle,
  reader: ReadableStreamBYOBReader,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const early = new EarlySync(file);
  let bytes = 0;
  let free = firstBuffer();
  let writing: Promise<Uint8Array<ArrayBuffer>> = Promise.resolve(firstBuffer());
  try {
    for (;;) {
      const { done, value } = await reader.read(free);
      free = await writing;
      if (done) {
        for (const buffer of [free, value]) if (buffer !== undefined) spared(buffer);
        break;
      }
      bytes += value.length;
      onChunk?.(value);
      writing = writeAll(file, value).then(() => {
        early.wrote(value.length);
        const { buffer } = value;
        // More than a short letter came: it filled a small buffer.
        const larger = buffer.byteLength === FIRST_BYTES && value.length === FIRST_BYTES;
        return larger ? new Uint8Array(BLOCK_BYTES) : new Uint8Array(buffer);
      });
      // The next iteration awaits it.
      writing.catch(() => undefined);
    }
    await early.settled();
    return bytes;
  } catch (cause) {
    await writing.catch(() => undefined);
    await early.settled().catch(() => undefined);
    await reader.cancel(cause).catch(() => undefined);
    throw cause;
  }
}
