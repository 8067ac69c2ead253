import { createHash, type Hash } from "node:crypto";
import { MessageError, MessageInspector, type MessageReport } from "../../openpgp/index.js";
import type { Digests } from "../../store/index.js";

/** Of core's BlockDigest, which this makes without a copy of each block. */
const BLOCK = 1024 * 1024;

/** A message as its bytes come: is it one encrypted message, and what are its digests? A few hundred bytes of memory. */
export class ArrivingMessage {
  readonly #inspector = new MessageInspector();
  /** Null while there is no more than a first block: both digests have hashed the same until then. */
  #whole: Hash | null = null;
  readonly #blocks = createHash("sha256");
  #block = createHash("sha256");
  #bytes = 0;
  #fault: MessageError | null = null;

  /** Bytes that have been pushed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is no message is known to be none, but said only at the end. */
  push(chunk: Uint8Array): void {
    if (this.#fault === null) this.#inspect(chunk);
    for (let rest = chunk; rest.length > 0; ) {
      const portion = rest.subarray(0, BLOCK - (this.#bytes % BLOCK));
      this.#whole?.update(portion);
      this.#block.update(portion);
      this.#bytes += portion.length;
      rest = rest.subarray(portion.length);
      if (this.#bytes % BLOCK === 0) this.#closeBlock();
    }
  }

  /** To be called once. @throws MessageError */
  finish(): { readonly report: MessageReport; readonly digests: Digests } {
    if (this.#fault !== null) throw this.#fault;
    const report = this.#inspector.finish();
    const whole = this.#whole ?? this.#block.copy();
    if (this.#bytes % BLOCK > 0) this.#closeBlock();
    return { report, digests: { sha256: whole.digest("hex"), blocks: this.#blocks.digest("hex") } };
  }

  #inspect(chunk: Uint8Array): void {
    try {
      this.#inspector.push(chunk);
    } catch (cause) {
      if (!(cause instanceof MessageError)) throw cause;
      this.#fault = cause;
    }
  }

  #closeBlock(): void {
    this.#whole ??= this.#block.copy();
    this.#blocks.update(this.#block.digest());
    this.#block = createHash("sha256");
  }
}
