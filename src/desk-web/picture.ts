import { make } from "../dom/index.js";
import { thumbnailSize } from "./thumbnail-size.js";

/** Draws a small copy of a picture onto a canvas: the page keeps only its pixels, nothing else of its file. */
export async function drawPicture(path: string, name: string): Promise<HTMLElement> {
  const picture = new Image();
  picture.src = path.split("/").map(encodeURIComponent).join("/");
  try {
    await picture.decode();
  } catch {
    return make("span", { class: "fault" }, "✕");
  }
  return drawOnCanvas(picture, picture.naturalWidth, picture.naturalHeight, name);
}

/** The same for a file that the page holds. */
export async function drawBitmap(file: Blob, name: string): Promise<HTMLElement> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return make("span", { class: "fault" }, "✕");
  const canvas = drawOnCanvas(bitmap, bitmap.width, bitmap.height, name);
  bitmap.close();
  return canvas;
}

function drawOnCanvas(picture: CanvasImageSource, naturalWidth: number, naturalHeight: number, name: string) {
  const { width, height } = thumbnailSize(naturalWidth, naturalHeight);
  const canvas = make("canvas", { role: "img", "aria-label": name });
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
  return canvas;
}
