import { createHash, type Hash } from "node:crypto";
import { MessageInspector, type MessageLock, type MessageReport } from "../../openpgp/index.js";
import type { Digests } from "../../store/index.js";

/** Of core's BlockDigest, which this makes without a copy of each block. */
const BLOCK = 1024 * 1024;

/**
 * A message as its bytes come: is it one encrypted message, and what are its digests? A few hundred bytes of memory.
 */
export class ArrivingMessage {
  readonly #inspector: MessageInspector;
  /** Null while there is no more than a first block: both digests have hashed the same until then. */
  #whole: Hash | null = null;
  readonly #blocks = createHash("sha256");
  #block = createHash("sha256");
  #bytes = 0;
  /** What it must be encrypted with. */
  readonly lock: MessageLock;

  constructor(lock: MessageLock) {
    this.lock = lock;
    this.#inspector = new MessageInspector(lock);
  }

  /** Bytes that have been pushed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whom it is for, once it has said so; null before. */
  get recipients(): MessageReport["recipients"] | null {
    return this.#inspector.recipients;
  }

  /** @throws MessageError if `chunk` cannot belong to one encrypted message; then nothing of it is counted */
  push(chunk: Uint8Array): void {
    this.#inspector.push(chunk);
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
    const report = this.#inspector.finish();
    const whole = this.#whole ?? this.#block.copy();
    if (this.#bytes % BLOCK > 0) this.#closeBlock();
    return { report, digests: { sha256: whole.digest("hex"), blocks: this.#blocks.digest("hex") } };
  }

  #closeBlock(): void {
    this.#whole ??= this.#block.copy();
    this.#blocks.update(this.#block.digest());
    this.#block = createHash("sha256");
  }
}
