import { type Cipher, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type FileHandle, open, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { startOfDay } from "../core/index.js";
import { BatchingWriter } from "../store/index.js";
import { doubleBuffered } from "../streams/index.js";

const CIPHER = "aes-256-ctr";
const KEY_BYTES = 32;
/** Every part has a key of its own, so the counter may begin at zero each time. */
const COUNTER = Buffer.alloc(16);
/** node:crypto gives new memory each time: little of it is had again at once. */
const DECRYPTED_AT_ONCE = 16 * 1024;
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const WRITTEN_AT_ONCE = 512 * 1024;
/** From here on, a part is large: longer writes pay, and what is slow about it can begin. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** A part that is complete. */
export interface SpooledPart {
  /** Bytes. */
  readonly size: number;
  /** Its bytes, each chunk valid until the next is requested. Fails once the spool is closed. */
  readonly open: () => ReadableStream<Uint8Array>;
}

/** A part that is being written. One at a time. */
export interface SpoolWriter {
  /** Resolves when there is room for more. Rejects if a write has failed, and so does every later call. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** Resolves when everything has been written. */
  readonly end: () => Promise<SpooledPart>;
}

/**
 * One temporary file without a name, for what must wait until its size is known. Each part is encrypted under a key
 * that exists only in this process's memory: nothing readable is on the disk, and nothing at all once the process ends.
 */
export class EncryptedSpool {
  readonly #folder: string;
  readonly #onLarge: () => void;
  readonly #keys: Buffer[] = [];
  #file: Promise<FileHandle> | undefined;
  #writer: BatchingWriter | undefined;
  #bytes = 0;
  #closed = false;

  /** @param onLarge called once, when the spool has become large */
  constructor(folder: string, onLarge: () => void = () => undefined) {
    this.#folder = folder;
    this.#onLarge = onLarge;
  }

  /** Bytes of all parts. */
  get bytes(): number {
    return this.#bytes;
  }

  begin(): SpoolWriter {
    const key = randomBytes(KEY_BYTES);
    this.#keys.push(key);
    const start = this.#bytes;
    const cipher = createCipheriv(CIPHER, key, COUNTER);
    return {
      write: (chunk) => this.#append(cipher, chunk),
      end: async () => {
        await this.#writer?.flush();
        const size = this.#bytes - start;
        return { size, open: () => this.#read(start, size, key) };
      },
    };
  }

  /** Forgets the keys and the file. Nothing may be written any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#writer?.discard();
    for (const key of this.#keys) key.fill(0);
    await (await this.#file?.catch(() => undefined))?.close();
  }

  async #append(cipher: Cipher, chunk: Uint8Array): Promise<void> {
    this.#file ??= openNameless(this.#folder);
    const file = await this.#file;
    this.#writer ??= new BatchingWriter(file);
    await this.#writer.add(cipher.update(chunk));
    if (this.#bytes < LARGE_BYTES && this.#bytes + chunk.length >= LARGE_BYTES) {
      this.#onLarge();
      // Whoever has sent so much may have memory here in which more waits for a write.
      this.#writer.minWriteBytes = WRITTEN_AT_ONCE;
    }
    this.#bytes += chunk.length;
  }

  #read(start: number, size: number, key: Buffer): ReadableStream<Uint8Array> {
    const decipher = createDecipheriv(CIPHER, key, COUNTER);
    return doubleBuffered(size, async (block, position) => {
      const file = await this.#file;
      for (let filled = 0; filled < block.length; ) {
        if (file === undefined || this.#closed) throw new Error("the spool has been closed");
        const { bytesRead } = await file.read(block, filled, block.length - filled, start + position + filled);
        if (bytesRead === 0) throw new Error("the spool is shorter than it was");
        filled += bytesRead;
      }
      for (let done = 0; done < block.length; done += DECRYPTED_AT_ONCE) {
        const portion = block.subarray(done, done + DECRYPTED_AT_ONCE);
        portion.set(decipher.update(portion));
      }
    });
  }
}

/** Whether a write into a spool failed because the disk or a quota is full. */
export function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && OUT_OF_SPACE.has(String(cause.code));
}

/** A file that has no name any more: it is gone when the process is, however that ends. */
async function openNameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `spool-${randomBytes(16).toString("hex")}`);
  const file = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    // The folder would tell when somebody wrote.
    const midnight = startOfDay(new Date());
    await utimes(folder, midnight, midnight);
  } catch (cause) {
    await file.close();
    throw cause;
  }
  return file;
}
