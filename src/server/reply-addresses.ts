import { deriveReplyAddress, type ReplyAddress } from "../core/index.js";
import { Turnstile } from "./turnstile.js";

/** Derivations at one time: the thread pool that does them also reads and writes files. */
const PARALLEL = 2;
/** People who look for an answer and are kept waiting; at half a second each, more would be told too late. */
const MOST_WAITING = 20;

/**
 * Derives reply addresses from receipt codes for people without JavaScript, which is slow on purpose. Codes and addresses
 * are passed through and forgotten.
 */
export class ReplyAddresses {
  readonly #salt: Uint8Array;
  readonly #turnstile = new Turnstile(PARALLEL, MOST_WAITING);

  /** @param salt the portal salt, 16 octets */
  constructor(salt: Uint8Array) {
    this.#salt = salt;
  }

  /** For somebody who asks, and may ask again later. @throws BusyError, ReceiptCodeError */
  find(code: string): Promise<ReplyAddress> {
    return this.#turnstile.pass(() => deriveReplyAddress(code, this.#salt));
  }

  /** For a letter that has come whole, and is not turned away for this. @throws ReceiptCodeError */
  assign(code: string): Promise<ReplyAddress> {
    return this.#turnstile.queue(() => deriveReplyAddress(code, this.#salt));
  }
}
