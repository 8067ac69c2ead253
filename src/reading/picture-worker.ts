import { serve } from "./engine.js";
import { MAX_PIXELS } from "./limits.js";
import { pictureSize } from "./picture-size.js";
import { RenderError } from "./render-error.js";

// Draws a picture by the browser's own decoders, after a look at how large it says it is.

let file: Uint8Array<ArrayBuffer> = new Uint8Array();

serve(Promise.resolve(), {
  open: async (given) => {
    const size = pictureSize(given);
    if (size === null) throw new RenderError("unreadable", "this is no picture that we know");
    if (size.width * size.height > MAX_PIXELS) throw new RenderError("too_large", "this picture has too many pixels");
    file = given;
    return 1;
  },
  draw: () => createImageBitmap(new Blob([file])),
});
