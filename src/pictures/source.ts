import { Fields } from "./fields.js";
import { PictureError } from "./picture-error.js";

const WINDOW_BYTES = 64 * 1024;
/** What is read at one time: metadata of a picture, which is read whole, is far smaller. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** A file at any place, read through a window. A file that the system no longer gives rejects with its DOMException. */
export class Source {
  readonly size: number;
  readonly #file: Blob;
  #window = new Uint8Array(0);
  #at = 0;

  constructor(file: Blob) {
    this.#file = file;
    this.size = file.size;
  }

  /** @throws PictureError `malformed` beyond the end, `unsupported` for too much at one time */
  async read(from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (from < 0 || length < 0 || from + length > this.size)
      throw new PictureError("malformed", "the file ends too early");
    if (length > MAX_READ_BYTES) throw new PictureError("unsupported", "more metadata than we read");
    if (from < this.#at || from + length > this.#at + this.#window.length) {
      const to = Math.min(this.size, from + Math.max(length, WINDOW_BYTES));
      this.#window = new Uint8Array(await this.#file.slice(from, to).arrayBuffer());
      this.#at = from;
    }
    return this.#window.subarray(from - this.#at, from - this.#at + length);
  }

  async fields(from: number, length: number, little = false): Promise<Fields> {
    return new Fields(await this.read(from, length), little);
  }
}
