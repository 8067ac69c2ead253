import type { ByteReader } from "./byte-reader.js";

/** The bytes of one entry of an archive that have not been read yet. */
export class EntryBody {
  readonly #reader: ByteReader;
  readonly #endsInside: () => Error;
  #left: number;

  /** @param endsInside makes the error for an archive that ends before the entry does */
  constructor(reader: ByteReader, size: number, endsInside: () => Error) {
    this.#reader = reader;
    this.#left = size;
    this.#endsInside = endsInside;
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream(
      {
        pull: async (controller) => {
          const portion = await this.#next();
          if (portion === null) controller.close();
          else controller.enqueue(portion);
        },
      },
      { highWaterMark: 0 },
    );
  }

  async skip(): Promise<void> {
    while ((await this.#next()) !== null);
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#left === 0) return null;
    const portion = await this.#reader.some(this.#left);
    if (portion === null) throw this.#endsInside();
    this.#left -= portion.length;
    return portion;
  }
}
