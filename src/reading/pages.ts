import { MAX_PIXELS, RENDER_TIMEOUT_MS } from "./limits.js";
import { RenderError } from "./render-error.js";
import { RenderWorker } from "./render-worker.js";

/** The pages of one document, as pixels. A picture has one. */
export interface Pages {
  readonly count: number;
  /** Must be closed by the caller. @throws RenderError */
  readonly draw: (page: number) => Promise<ImageBitmap>;
  /** Frees what draws them. */
  readonly close: () => void;
}

/**
 * The pages of a file, drawn by a worker of its own. The worker is terminated once it takes too long, fails, or posts
 * what is no response; from then on every page is refused.
 * @param script URL of the engine's script
 * @param signal terminates the worker
 * @throws RenderError
 */
export async function renderPages(script: string, file: Blob, signal: AbortSignal, timeoutMs: number): Promise<Pages> {
  const worker = new RenderWorker(script, timeoutMs);
  signal.addEventListener("abort", () => worker.end("crashed"));
  const opened = await worker.request({ kind: "open", file });
  if (opened.kind !== "opened") throw worker.end("crashed");
  return {
    count: opened.pages,
    draw: async (page) => {
      const drawn = await worker.request({ kind: "draw", page });
      if (drawn.kind !== "drawn") throw worker.end("crashed");
      return drawn.bitmap;
    },
    close: () => worker.end("crashed"),
  };
}

/** The picture at an address that only an image may load, as in a folder beside the page. @throws RenderError */
export async function imagePages(path: string, timeoutMs = RENDER_TIMEOUT_MS): Promise<Pages> {
  const image = new Image();
  await within(timeoutMs, () => image.removeAttribute("src"), load(image, path));
  // Known before the browser has decoded anything.
  const { naturalWidth, naturalHeight } = image;
  if (naturalWidth * naturalHeight > MAX_PIXELS) {
    image.removeAttribute("src");
    throw new RenderError("too_large", "this picture has too many pixels");
  }
  return {
    count: 1,
    draw: () =>
      within(
        timeoutMs,
        () => image.removeAttribute("src"),
        createImageBitmap(image).catch((cause: unknown) => {
          throw new RenderError("unreadable", "the browser cannot draw this picture", { cause });
        }),
      ),
    close: () => image.removeAttribute("src"),
  };
}

function load(image: HTMLImageElement, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new RenderError("unreadable", "the browser cannot read this picture"));
    image.src = path.split("/").map(encodeURIComponent).join("/");
  });
}

function within<Value>(timeoutMs: number, giveUp: () => void, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new RenderError("slow", "this takes too long"));
      giveUp();
    }, timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
