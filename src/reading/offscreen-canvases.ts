import { MAX_PAGE_PIXELS } from "./limits.js";

interface CanvasAndContext {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

/** What pdf.js draws parts of a page on, each no larger than a page may be. */
export class OffscreenCanvases {
  create(width: number, height: number): CanvasAndContext {
    checkSize(width, height);
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext("2d", { willReadFrequently: true }) };
  }

  reset({ canvas }: CanvasAndContext, width: number, height: number): void {
    checkSize(width, height);
    if (canvas !== null) [canvas.width, canvas.height] = [width, height];
  }

  destroy(made: CanvasAndContext): void {
    if (made.canvas !== null) [made.canvas.width, made.canvas.height] = [0, 0];
    made.canvas = null;
    made.context = null;
  }
}

/** @throws RangeError */
function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0 && width * height <= MAX_PAGE_PIXELS)) throw new RangeError("too large a canvas");
}

/** Filters are made of SVG, which a worker does not have; pdf.js draws without them. */
export class NoFilters {
  addFilter(): string {
    return "none";
  }
  addHCMFilter(): string {
    return "none";
  }
  addAlphaFilter(): string {
    return "none";
  }
  addLuminosityFilter(): string {
    return "none";
  }
  addHighlightHCMFilter(): string {
    return "none";
  }
  destroy(): void {}
}
