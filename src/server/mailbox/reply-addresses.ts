import { deriveReplyAddress, type ReplyAddress } from "../../core/index.js";
import { FairQueue } from "../admission/index.js";

/** Derivations at one time: the thread pool that does them also reads and writes files. */
const PARALLEL = 2;
/** People who look for an answer and are kept waiting; at half a second each, more would be told too late. */
const MOST_WAITING = 20;
const LONGEST_WAIT = 60_000;
/** The line of letters: never long, so that it is always another that gives way. */
const LETTERS = "letters";

/**
 * Derives reply addresses from receipt codes for people without JavaScript, which is slow on purpose. Codes and addresses
 * are passed through and forgotten.
 */
export class ReplyAddresses {
  readonly #salt: Uint8Array;
  readonly #queue = new FairQueue({ parallel: PARALLEL, mostWaiting: MOST_WAITING, longestWait: LONGEST_WAIT });

  /** @param salt the portal salt, 16 bytes */
  constructor(salt: Uint8Array) {
    this.#salt = salt;
  }

  /** For somebody who asks, and may ask again later. @throws BusyError, ReceiptCodeError */
  find(code: string, visitor: string | null): Promise<ReplyAddress> {
    return this.#queue.pass(visitor, () => deriveReplyAddress(code, this.#salt));
  }

  /** For a letter that has come whole, and has had its turn already. @throws ReceiptCodeError */
  assign(code: string): Promise<ReplyAddress> {
    return this.#queue.pass(LETTERS, () => deriveReplyAddress(code, this.#salt));
  }
}
