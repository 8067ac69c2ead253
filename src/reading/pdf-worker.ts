import "./pdf-window.js";
import "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { AnnotationMode, getDocument, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { serve } from "./engine.js";
import { MAX_PAGE_PIXELS, MAX_PAGES, MAX_PIXELS, MAX_SIDE } from "./limits.js";
import { NoFilters, OffscreenCanvases } from "./offscreen-canvases.js";
import { unfolded } from "./pdf-unfolded.js";
import { RenderError } from "./render-error.js";

// Draws the pages of a PDF by pdf.js, both of whose halves run in this worker. Scripts and links in it do nothing.

/** Pixels for each of the page's points, of which 72 make an inch. */
const SCALE = 3;

let pdf: PDFDocumentProxy | null = null;

serve(Promise.resolve(), {
  open: async (file) => {
    const task = getDocument({
      data: file,
      CanvasFactory: OffscreenCanvases,
      FilterFactory: NoFilters,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      useWasm: false,
      isEvalSupported: false,
      isImageDecoderSupported: false,
      enableXfa: false,
      maxImageSize: MAX_PIXELS,
      canvasMaxAreaInBytes: MAX_PAGE_PIXELS * 4,
      verbosity: 0,
    });
    pdf = await Promise.race([task.promise, unfolded.exceeded]).catch((cause: unknown) => {
      unfolded.check();
      if (cause instanceof Error && cause.name === "PasswordException")
        throw new RenderError("locked", "it asks for a password", { cause });
      throw cause;
    });
    unfolded.check();
    return Math.min(pdf.numPages, MAX_PAGES);
  },
  draw: async (page) => {
    if (pdf === null) throw new RenderError("unreadable", "nothing is open");
    unfolded.begin();
    const drawn = await Promise.race([pdf.getPage(page + 1), unfolded.exceeded]);
    const { width, height } = drawn.getViewport({ scale: 1 });
    const fits = Math.min(SCALE, Math.sqrt(MAX_PAGE_PIXELS / (width * height)), MAX_SIDE / Math.max(width, height));
    const viewport = drawn.getViewport({ scale: fits });
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(viewport.width)),
      Math.max(1, Math.round(viewport.height)),
    );
    const canvasContext = canvas.getContext("2d") as unknown as CanvasRenderingContext2D;
    const { promise } = drawn.render({
      canvas: null,
      canvasContext,
      viewport,
      annotationMode: AnnotationMode.ENABLE,
    });
    // What a page without them would show is not what was sent.
    await Promise.race([promise, unfolded.exceeded]).finally(() => unfolded.check());
    drawn.cleanup();
    return canvas.transferToImageBitmap();
  },
});
