import { createReceiptCode, parseReceiptCode, ReceiptCodeError } from "../../core/index.js";
import type { AssignedCode, CodeStock, ReplyAddresses } from "../mailbox/index.js";

/** The receipt code of one letter, and the address of its replies. */
export interface Receipt {
  /** Whether the code is that of an earlier letter, which this one follows up. */
  readonly followUp: boolean;
  /** To be called once, for a letter that is to be kept. @throws ReceiptCodeError */
  readonly assign: () => Promise<AssignedCode>;
}

/** Makes the receipt of one letter. Unless it was made ahead, an address takes a third of a second of a core. */
export class ReceiptMaker {
  readonly #addresses: ReplyAddresses;
  readonly #codes: CodeStock;
  readonly #visitor: string | null;
  #fresh: Receipt | null = null;

  constructor(addresses: ReplyAddresses, codes: CodeStock, visitor: string | null) {
    this.#addresses = addresses;
    this.#codes = codes;
    this.#visitor = visitor;
  }

  /** Derives a new code's address now, while documents are still to come, unless there are some in stock. */
  readonly prepare = (): void => {
    if (this.#codes.size > 0) return;
    const code = createReceiptCode();
    const derived = this.#addresses.find(code, this.#visitor).catch(() => null);
    this.#fresh = { followUp: false, assign: async () => this.#assigned(code, await derived) };
  };

  /** The receipt by what was typed for an earlier code, a new one if that is empty; null if it is no code. */
  receiptFor(typed: unknown): Receipt | null {
    if (typeof typed !== "string") return null;
    if (typed.trim() === "") {
      return (
        this.#fresh ?? {
          followUp: false,
          assign: async () => this.#codes.take() ?? this.#assigned(createReceiptCode()),
        }
      );
    }
    try {
      const code = parseReceiptCode(typed);
      return { followUp: true, assign: () => this.#assigned(code) };
    } catch (cause) {
      if (cause instanceof ReceiptCodeError) return null;
      throw cause;
    }
  }

  async #assigned(code: string, derived: AssignedCode["address"] | null = null): Promise<AssignedCode> {
    return { code, address: derived ?? (await this.#addresses.assign(code)) };
  }
}
