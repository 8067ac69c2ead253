import { make } from "../dom/index.js";

/** Pixels of the longer side. */
const LARGEST = 480;

/** A picture as it was drawn, small: what stays on the page are its points, and nothing of its file. */
export async function drawPicture(path: string, name: string): Promise<HTMLElement> {
  const picture = new Image();
  picture.src = path.split("/").map(encodeURIComponent).join("/");
  try {
    await picture.decode();
  } catch {
    return make("span", { class: "fault" }, "✕");
  }
  const scale = Math.min(1, LARGEST / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = make("canvas", { role: "img", "aria-label": name });
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
