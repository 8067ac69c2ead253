import { RenderError } from "./render-error.js";

/**
 * Memory that a document's compressed parts have taken since its last step began. pdf.js goes on after most errors and
 * draws what is left; therefore this remembers that there was too much.
 */
export class Unfolded {
  readonly #maxBytes: number;
  readonly #maxTotalBytes: number;
  #bytes = 0;
  #isTooMuch = false;
  #tell: (fault: RenderError) => void = () => undefined;
  /** Rejects once there is too much: pdf.js may go on for long with what it then cannot unfold. */
  readonly exceeded = new Promise<never>((_resolve, reject) => {
    this.#tell = reject;
  });

  /**
   * @param maxBytes for one part
   * @param maxTotalBytes for all parts within one step
   */
  constructor(maxBytes: number, maxTotalBytes: number) {
    this.#maxBytes = maxBytes;
    this.#maxTotalBytes = maxTotalBytes;
    this.exceeded.catch(() => undefined);
  }

  /** Begins another step: a page's parts are freed before the next page is drawn. */
  begin(): void {
    this.check();
    this.#bytes = 0;
  }

  /**
   * To be called before the memory is taken. Once there was too much, nothing more is unfolded.
   * @param part bytes of the part as it will be
   * @param before of these, bytes that were counted already
   * @throws RenderError `too_large`
   */
  grow(part: number, before = 0): void {
    this.#bytes += part - before;
    // Whatever is no number is too much.
    if (!(part <= this.#maxBytes && this.#bytes <= this.#maxTotalBytes)) this.#isTooMuch = true;
    this.check();
  }

  /** @throws RenderError `too_large` if there was ever too much */
  check(): void {
    if (!this.#isTooMuch) return;
    const fault = new RenderError("too_large", "its parts unfold to too much");
    this.#tell(fault);
    throw fault;
  }
}
