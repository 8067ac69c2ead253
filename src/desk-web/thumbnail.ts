import { Fault } from "../core/index.js";

/** Pixels of the longer side. */
const LARGEST = 480;
/** Bytes of a picture that is drawn. */
const LARGEST_PICTURE = 64 * 1024 * 1024;

export class PictureError extends Fault<"not_a_picture" | "too_large"> {}

/** A picture as it was drawn, small: its points, and nothing of its file. @throws PictureError */
export async function drawSmall(picture: Blob): Promise<ImageBitmap> {
  if (picture.size > LARGEST_PICTURE) throw new PictureError("too_large", "this picture is too large to be shown");
  const drawn = await createImageBitmap(picture).catch((cause: unknown) => {
    throw new PictureError("not_a_picture", "this is no picture that the browser can draw", { cause });
  });
  const scale = Math.min(1, LARGEST / Math.max(drawn.width, drawn.height));
  const width = Math.max(1, Math.round(drawn.width * scale));
  const height = Math.max(1, Math.round(drawn.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, width, height);
  drawn.close();
  return canvas.transferToImageBitmap();
}
