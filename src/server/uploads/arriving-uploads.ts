import { MessageError, type MessageLock, type MessageReport, UnknownRecipientError } from "../../openpgp/index.js";
import type { Uploads } from "../../store/index.js";
import { ArrivingMessage } from "./arriving-message.js";
import { UnacceptableUpload } from "./tus/index.js";

/** More than may be under way: each needs about a kilobyte. */
const MAX_FOLLOWED = 10_000;

/**
 * Inspects uploads as they arrive, before anything of a piece is written. What it knows of an upload holds for its
 * bytes from the beginning to a certain place; where another process, or this one before a restart, took more, it reads
 * that first.
 */
export class ArrivingUploads {
  readonly #uploads: Pick<Uploads, "read">;
  readonly #requireOurs: (recipients: MessageReport["recipients"]) => void;
  readonly #messages = new Map<string, ArrivingMessage>();

  /** @param requireOurs throws UnknownRecipientError for others' keys, before the whole has been sent in vain */
  constructor(uploads: Pick<Uploads, "read">, requireOurs: (recipients: MessageReport["recipients"]) => void) {
    this.#uploads = uploads;
    this.#requireOurs = requireOurs;
  }

  /**
   * Passes on the `pieces` of the upload, which begin at `offset`, as far as they can belong to one encrypted message.
   * @throws UnacceptableUpload before the first piece that cannot
   */
  async *inspected(
    id: string,
    offset: number,
    pieces: AsyncIterable<Uint8Array>,
    lock: MessageLock = "recipients",
  ): AsyncGenerator<Uint8Array> {
    const message = await this.#at(id, offset, lock);
    for await (const piece of pieces) {
      this.#push(message, piece);
      yield piece;
    }
  }

  /** What is known of the first `bytes` bytes of the upload; to be taken once. @throws UnacceptableUpload */
  async take(id: string, bytes: number, lock: MessageLock = "recipients"): Promise<ArrivingMessage> {
    const message = await this.#at(id, bytes, lock);
    this.#messages.delete(id);
    return message;
  }

  async #at(id: string, offset: number, lock: MessageLock): Promise<ArrivingMessage> {
    const known = this.#messages.get(id);
    const goesOn = known !== undefined && known.lock === lock && known.bytes <= offset;
    const message = goesOn ? known : new ArrivingMessage(lock);
    this.#messages.delete(id);
    const [oldest] = this.#messages.keys();
    if (oldest !== undefined && this.#messages.size >= MAX_FOLLOWED) this.#messages.delete(oldest);
    if (message.bytes < offset) {
      for await (const chunk of await this.#uploads.read(id, message.bytes)) {
        this.#push(message, chunk.subarray(0, offset - message.bytes));
        if (message.bytes === offset) break;
      }
    }
    this.#messages.set(id, message);
    return message;
  }

  #push(message: ArrivingMessage, piece: Uint8Array): void {
    try {
      message.push(piece);
      if (message.lock === "recipients" && message.recipients !== null) this.#requireOurs(message.recipients);
    } catch (cause) {
      if (!(cause instanceof MessageError || cause instanceof UnknownRecipientError)) throw cause;
      throw new UnacceptableUpload(cause.code, "what came is no encrypted message for us", { cause });
    }
  }
}
