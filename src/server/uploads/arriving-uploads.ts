import { ArrivingMessage } from "./arriving-message.js";

/** Uploads that are followed at one time; others are read once they are whole. */
const MOST = 2_000;

/**
 * Follows uploads while they arrive, so that they need not be read again. What it knows of an upload holds for the bytes from
 * its beginning to a certain place. Where an upload goes on from another place, as after a restart or an error of the
 * disk, it is forgotten here.
 */
export class ArrivingUploads {
  readonly #messages = new Map<string, ArrivingMessage>();

  /** Passes on the `pieces` of the upload, which begin at `offset`. */
  async *follow(id: string, offset: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const message = this.#at(id, offset);
    for await (const piece of pieces) {
      message?.push(piece);
      yield piece;
    }
  }

  /** What is known of the upload if it is that of its first `bytes` bytes; to be taken once. */
  take(id: string, bytes: number): ArrivingMessage | null {
    const message = this.#messages.get(id);
    this.#messages.delete(id);
    return message?.bytes === bytes ? message : null;
  }

  #at(id: string, offset: number): ArrivingMessage | null {
    const known = this.#messages.get(id);
    if (known?.bytes === offset) return known;
    this.#messages.delete(id);
    if (offset !== 0) return null;
    const [oldest] = this.#messages.keys();
    if (oldest !== undefined && this.#messages.size >= MOST) this.#messages.delete(oldest);
    const message = new ArrivingMessage();
    this.#messages.set(id, message);
    return message;
  }
}
