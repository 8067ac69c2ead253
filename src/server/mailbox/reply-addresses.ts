import { deriveReplyAddress, type ReplyAddress } from "../../core/index.js";
import { FairQueue } from "../admission/index.js";

/** Derivations at one time: the thread pool of four that does them also reads and writes files. */
const PARALLEL_LETTERS = 2;
const PARALLEL_ASKERS = 1;
/** People who look for an answer, or whose letter still arrives; at half a second each, more would wait too long. */
const MAX_WAITING = 20;
const WAIT_TIMEOUT_MS = 60_000;
/** Letters that have come whole are as many as are encrypted at one time. */
const MAX_LETTERS = 500;

/**
 * Derives reply addresses from receipt codes for people without JavaScript, which is slow on purpose. Codes and
 * addresses are passed through and forgotten.
 */
export class ReplyAddresses {
  readonly #salt: Uint8Array;
  readonly #askers = new FairQueue({
    parallel: PARALLEL_ASKERS,
    maxWaiting: MAX_WAITING,
    waitTimeoutMs: WAIT_TIMEOUT_MS,
  });
  /** Apart from the others, so that nobody who asks or begins can crowd out a letter that has had its turn. */
  readonly #letters = new FairQueue({
    parallel: PARALLEL_LETTERS,
    maxWaiting: MAX_LETTERS,
    waitTimeoutMs: WAIT_TIMEOUT_MS,
  });

  /** @param salt the portal salt, 16 bytes */
  constructor(salt: Uint8Array) {
    this.#salt = salt;
  }

  /** Derivations under way and waiting. */
  get size(): number {
    return this.#askers.size + this.#letters.size;
  }

  /**
   * For somebody who asks, or whose documents are still to come: both may ask again. @throws BusyError,
   * ReceiptCodeError
   */
  find(code: string, visitor: string | null, signal?: AbortSignal): Promise<ReplyAddress> {
    return this.#askers.pass(visitor, () => deriveReplyAddress(code, this.#salt), signal);
  }

  /** For a letter that has come whole, and has had its turn already. @throws ReceiptCodeError */
  assign(code: string): Promise<ReplyAddress> {
    return this.#letters.pass(null, () => deriveReplyAddress(code, this.#salt));
  }
}
