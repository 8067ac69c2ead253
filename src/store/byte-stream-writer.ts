import type { FileHandle } from "node:fs/promises";
import { writeAll } from "./batching-writer.js";
import { EarlySync } from "./early-sync.js";

/** Bytes that are read, and written, at once. */
const BLOCK = 1024 * 1024;

/** A reader that takes memory with it, or null if the stream has none to fill. */
export function byteReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
}

/** Writes all that comes through `reader`: one block of memory is filled while the other is written. Returns how many bytes. */
export async function writeBytes(
  file: FileHandle,
  reader: ReadableStreamBYOBReader,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<number> {
  const early = new EarlySync(file);
  let bytes = 0;
  let free = new Uint8Array(BLOCK);
  let writing: Promise<Uint8Array<ArrayBuffer>> = Promise.resolve(new Uint8Array(BLOCK));
  try {
    for (;;) {
      const { done, value } = await reader.read(free);
      free = await writing;
      if (done) break;
      bytes += value.length;
      onChunk?.(value);
      writing = writeAll(file, value).then(() => {
        early.wrote(value.length);
        return new Uint8Array(value.buffer);
      });
      // It is met with at the next turn.
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
