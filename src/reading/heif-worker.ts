import libheif from "libheif-js/libheif/libheif.js";
import { serve } from "./engine.js";
import { MAX_PAGES, MAX_PIXELS } from "./limits.js";
import { RenderError } from "./render-error.js";

// Draws a HEIC picture by libheif, built as plain JavaScript: WebAssembly would need a laxer policy.

/** What libheif-js adds to libheif, which its types leave out. */
interface Decoding {
  readonly HeifDecoder: new () => { readonly decode: (file: Uint8Array) => readonly HeifImage[] };
}

interface HeifImage {
  readonly get_width: () => number;
  readonly get_height: () => number;
  /** Calls back with null for what it cannot decode. */
  readonly display: (into: ImageData, then: (drawn: ImageData | null) => void) => void;
}

let images: readonly HeifImage[] = [];
// Its types have the module for what the module exports.
const started = Promise.resolve((libheif as unknown as () => Decoding | Promise<Decoding>)());

serve(started, {
  open: async (file) => {
    const { HeifDecoder } = await started;
    images = new HeifDecoder().decode(file).slice(0, MAX_PAGES);
    if (images.length === 0) throw new RenderError("unreadable", "there is no picture in it");
    return images.length;
  },
  draw: async (page) => {
    const image = images[page];
    if (image === undefined) throw new RenderError("unreadable", "there is no such picture");
    const [width, height] = [image.get_width(), image.get_height()];
    if (!(width > 0 && height > 0)) throw new RenderError("unreadable", "this picture has no pixels");
    if (width * height > MAX_PIXELS) throw new RenderError("too_large", "this picture has too many pixels");
    const pixels = new ImageData(width, height);
    const drawn = await new Promise((resolve) => image.display(pixels, resolve));
    if (drawn === null) throw new RenderError("unreadable", "this picture is damaged");
    return createImageBitmap(pixels);
  },
});
