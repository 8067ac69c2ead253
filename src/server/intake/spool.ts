import { crc32 } from "node:zlib";
import type { Request } from "express";
import type { StorageEngine } from "multer";
import type { Document } from "../../core/index.js";
import { EncryptedSpool, isOutOfSpace } from "../../spool/index.js";

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
 * Keeps the files of one request in an {@link EncryptedSpool} until all have come: a tar header says the size first.
 *
 * A fault does not stop the request: the rest is read and thrown away, so that the text fields still arrive and the
 * browser gets to see the answer. The first fault is kept in `fault`.
 */
export class Spool implements StorageEngine {
  readonly documents: SpooledDocument[] = [];
  readonly #limits: SpoolLimits;
  readonly #spool: EncryptedSpool;
  /** The part being written; the next waits for it. */
  #turn: Promise<void> = Promise.resolve();
  #fault: SpoolFault | null;
  #closed = false;

  /** @param fault one that is known beforehand: then every file is thrown away */
  constructor(folder: string, limits: SpoolLimits, fault: SpoolFault | null = null) {
    this.#limits = limits;
    this.#spool = new EncryptedSpool(folder, limits.onLarge);
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
    await this.#spool.close();
  }

  async #keep(file: Express.Multer.File): Promise<void> {
    const writer = this.#spool.begin();
    let checksum = 0;
    for await (const chunk of file.stream) {
      if (this.#closed || !(chunk instanceof Uint8Array) || !(await this.#mayTake(chunk))) continue;
      checksum = crc32(chunk, checksum);
      await writer.write(chunk).catch(this.#fail);
    }
    const part = await writer.end().catch(this.#fail);
    // A file field that was left empty comes as one part without a name and without contents.
    if (part === undefined || (file.originalname === "" && part.size === 0)) return;
    if (this.documents.length === this.#limits.files) this.#fault ??= "too_many_files";
    if (this.#fault !== null) return;
    this.documents.push({
      field: file.fieldname,
      name: file.originalname,
      type: file.mimetype,
      checksum,
      ...part,
    });
  }

  readonly #fail = (cause: unknown): undefined => {
    this.#fault ??= isOutOfSpace(cause) ? "no_space" : "cannot_store";
  };

  async #mayTake(chunk: Uint8Array): Promise<boolean> {
    if (this.#spool.bytes + chunk.length > this.#limits.bytes) this.#fault ??= "too_large";
    if (this.#fault === null && !(await this.#limits.room(chunk.length))) this.#fault = "no_space";
    return this.#fault === null;
  }
}
