import { PictureError } from "./picture-error.js";

/** Numbers and names at given places of a few bytes. Every read checks that it stays inside, or throws `malformed`. */
export class Fields {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array<ArrayBuffer>, little = false) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = little;
  }

  get length(): number {
    return this.bytes.length;
  }

  uint8(at: number): number {
    return this.#view.getUint8(this.#inside(at, 1));
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.#inside(at, 2), this.#little);
  }

  uint24(at: number): number {
    return this.#little ? this.uint16(at) + (this.uint8(at + 2) << 16) : (this.uint8(at) << 16) + this.uint16(at + 1);
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.#inside(at, 4), this.#little);
  }

  /** @throws PictureError also for what a double does not hold exactly: no file is so long */
  uint64(at: number): number {
    const value = this.#view.getBigUint64(this.#inside(at, 8), this.#little);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PictureError("malformed", "a length beyond any file");
    return Number(value);
  }

  /** Of 0, 4 or 8 bytes; of none it is 0. */
  uint(at: number, bytes: number): number {
    if (bytes === 0) return 0;
    if (bytes === 4) return this.uint32(at);
    if (bytes === 8) return this.uint64(at);
    throw new PictureError("malformed", "a field of an odd width");
  }

  /** Latin-1. */
  text(at: number, length: number): string {
    return String.fromCharCode(...this.part(at, length));
  }

  part(at: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(this.#inside(at, length), at + length);
  }

  #inside(at: number, length: number): number {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw new PictureError("malformed", "a field beyond the end");
    return at;
  }
}
