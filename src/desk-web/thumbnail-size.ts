/** Longer side of a thumbnail, in pixels. */
const MAX_SIDE = 480;

/** The size at which a picture of `width` by `height` pixels is drawn. Never larger than the picture. */
export function thumbnailSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
