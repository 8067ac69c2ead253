import { Fault } from "../core/index.js";
import { thumbnailSize } from "./thumbnail-size.js";

const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

export class PictureError extends Fault<"not_a_picture" | "too_large"> {}

/** Draws a small copy of a picture: only its pixels, nothing else of its file. @throws PictureError */
export async function drawThumbnail(picture: Blob): Promise<ImageBitmap> {
  if (picture.size > MAX_PICTURE_BYTES) throw new PictureError("too_large", "this picture is too large to be shown");
  const drawn = await createImageBitmap(picture).catch((cause: unknown) => {
    throw new PictureError("not_a_picture", "this is no picture that the browser can draw", { cause });
  });
  const { width, height } = thumbnailSize(drawn.width, drawn.height);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, width, height);
  drawn.close();
  return canvas.transferToImageBitmap();
}
