import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { type FileHandle, open, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Request } from "express";
import type { StorageEngine } from "multer";
import { type Document, startOfDay } from "../../core/index.js";
import { BatchingWriter } from "../../store/index.js";
import { doubleBuffered } from "../../streams/index.js";

const CIPHER = "aes-256-ctr";
const KEY_BYTES = 32;
/** Every part has a key of its own, so the counter may begin at zero each time. */
const COUNTER = Buffer.alloc(16);
/** node:crypto gives new memory each time: little of it is had again at once. */
const DECRYPTED_AT_ONCE = 16 * 1024;
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

const WRITTEN_AT_ONCE = 512 * 1024;

/** From here on, what is slow about a letter itself can be done while the rest arrives. */
const LARGE = 4 * 1024 * 1024;

export type SpoolFault = "too_large" | "too_many_files" | "no_space" | "cannot_store" | "busy" | "too_many_requests";

/** A document waiting to be archived, and the form field it came under. */
export interface SpooledDocument extends Document {
  readonly field: string;
  /** CRC-32 of its contents: tells whether the same page sends the same document again. */
  readonly checksum: number;
}

export interface SpoolLimits {
  /** Most bytes of all files together. */
  readonly bytes: number;
  readonly files: number;
  /** Whether there is room for so many bytes more. */
  readonly room: (bytes: number) => Promise<boolean>;
  /** Told once, when what has come and is to be kept will take a while to encrypt. */
  readonly onLarge?: () => void;
}

/**
 * Keeps the files of one request until all have come, since a tar header says the size first. They rest in one
 * temporary file without a name, encrypted under keys that exist only in this process's memory.
 *
 * A fault does not stop the request: the rest is read and thrown away, so that the text fields still arrive and the
 * browser gets to see the answer. The first fault is kept in `fault`.
 */
export class Spool implements StorageEngine {
  readonly documents: SpooledDocument[] = [];
  readonly #folder: string;
  readonly #limits: SpoolLimits;
  readonly #keys: Buffer[] = [];
  #file: Promise<FileHandle> | undefined;
  #writer: BatchingWriter | undefined;
  #bytes = 0;
  /** The part being written; the next waits for it. */
  #turn: Promise<void> = Promise.resolve();
  #fault: SpoolFault | null;
  #closed = false;

  /** @param fault one that is known beforehand: then every file is thrown away */
  constructor(folder: string, limits: SpoolLimits, fault: SpoolFault | null = null) {
    this.#folder = folder;
    this.#limits = limits;
    this.#fault = fault;
  }

  get fault(): SpoolFault | null {
    return this.#fault;
  }

  _handleFile(
    _request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    this.#turn = this.#turn.then(() => this.#keep(file)).then(() => done(null, {}), done);
  }

  /** Nothing to do: {@link close} removes everything at once. */
  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }

  /** Waits for what is being written, then forgets the keys and the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turn.catch(() => undefined);
    this.#writer?.discard();
    for (const key of this.#keys) key.fill(0);
    await (await this.#file?.catch(() => undefined))?.close();
  }

  async #keep(part: Express.Multer.File): Promise<void> {
    const key = randomBytes(KEY_BYTES);
    this.#keys.push(key);
    const start = this.#bytes;
    const cipher = createCipheriv(CIPHER, key, COUNTER);
    let checksum = 0;
    for await (const chunk of part.stream) {
      if (this.#closed || !(chunk instanceof Uint8Array) || !(await this.#mayTake(chunk))) continue;
      checksum = crc32(chunk, checksum);
      await this.#append(cipher.update(chunk)).catch(this.#fail);
    }
    await this.#writer?.flush().catch(this.#fail);
    const size = this.#bytes - start;
    // A file field that was left empty comes as one part without a name and without contents.
    if (part.originalname === "" && size === 0) return;
    if (this.documents.length === this.#limits.files) this.#fault ??= "too_many_files";
    if (this.#fault !== null) return;
    this.documents.push({
      field: part.fieldname,
      name: part.originalname,
      type: part.mimetype,
      size,
      checksum,
      open: () => this.#read(start, size, key),
    });
  }

  readonly #fail = (cause: unknown): void => {
    this.#fault ??= isOutOfSpace(cause) ? "no_space" : "cannot_store";
  };

  async #mayTake(chunk: Uint8Array): Promise<boolean> {
    if (this.#bytes + chunk.length > this.#limits.bytes) this.#fault ??= "too_large";
    if (this.#fault === null && !(await this.#limits.room(chunk.length))) this.#fault = "no_space";
    return this.#fault === null;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#file ??= openNameless(this.#folder);
    const file = await this.#file;
    this.#writer ??= new BatchingWriter(file);
    await this.#writer.add(bytes);
    if (this.#bytes < LARGE && this.#bytes + bytes.length >= LARGE) {
      this.#limits.onLarge?.();
      // Whoever has sent so much may have memory here in which more waits for a write.
      this.#writer.minWriteBytes = WRITTEN_AT_ONCE;
    }
    this.#bytes += bytes.length;
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

function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && OUT_OF_SPACE.has(String(cause.code));
}
