import { make } from "../../dom/index.js";

/** Decoded, 100 MiB: a small telephone closes a tab that takes more. */
const MAX_PIXELS = 25_000_000;
const MAX_BYTES = 30 * 1024 * 1024;
/** Of the square, in pixels of a screen with two for each of ours. */
const SIDE = 96;

/**
 * The middle of a picture as a small square; null where the browser cannot decode it, or it is too large. Nothing has
 * an address that could be kept, and only the square stays in memory.
 */
export async function drawThumbnail(
  file: Blob,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<HTMLCanvasElement | null> {
  if (width * height > MAX_PIXELS || file.size > MAX_BYTES) return null;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return null;
  const canvas = make("canvas", { width: `${SIDE}`, height: `${SIDE}`, "aria-hidden": "true" });
  const side = Math.min(bitmap.width, bitmap.height);
  const from = [(bitmap.width - side) / 2, (bitmap.height - side) / 2] as const;
  canvas.getContext("2d")?.drawImage(bitmap, ...from, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  return canvas;
}
