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
  const { width, height } = thumbnailSize(picture.naturalWidth, picture.naturalHeight);
  const canvas = make("canvas", { role: "img", "aria-label": name });
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
