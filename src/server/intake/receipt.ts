import { createReceiptCode, parseReceiptCode, ReceiptCodeError, type ReplyAddress } from "../../core/index.js";
import type { ReplyAddresses } from "../mailbox/index.js";

/** The receipt code of one letter, and the address of its replies. */
export interface Receipt {
  readonly code: string;
  /** Whether the code is that of an earlier letter, which this one follows up. */
  readonly followUp: boolean;
  /** @throws ReceiptCodeError */
  readonly address: () => Promise<ReplyAddress>;
}

/** Makes the receipt of one letter. Deriving an address takes half a second of a core. */
export class ReceiptMaker {
  readonly #addresses: ReplyAddresses;
  readonly #visitor: string | null;
  #fresh: Receipt | null = null;

  constructor(addresses: ReplyAddresses, visitor: string | null) {
    this.#addresses = addresses;
    this.#visitor = visitor;
  }

  /** Derives a new code's address now, while documents are still to come. */
  readonly prepare = (): void => {
    const code = createReceiptCode();
    const derived = this.#addresses.find(code, this.#visitor).catch(() => null);
    this.#fresh = { code, followUp: false, address: async () => (await derived) ?? this.#addresses.assign(code) };
  };

  /** The receipt by what was typed for an earlier code, a new one if that is empty; null if it is no code. */
  receiptFor(typed: unknown): Receipt | null {
    if (typeof typed !== "string") return null;
    try {
      if (typed.trim() !== "") return this.#make(parseReceiptCode(typed), true);
      return this.#fresh ?? this.#make(createReceiptCode(), false);
    } catch (cause) {
      if (cause instanceof ReceiptCodeError) return null;
      throw cause;
    }
  }

  #make(code: string, followUp: boolean): Receipt {
    return { code, followUp, address: () => this.#addresses.assign(code) };
  }
}
