/** Pixels of a picture as its first bytes say it: what a browser would take memory for. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size that a PNG, GIF, WebP or JPEG picture says it has, or null. */
export function pictureSize(file: Uint8Array<ArrayBuffer>): PictureSize | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const has = (at: number, text: string) =>
    [...text].every((letter, index) => at + index < file.length && file[at + index] === letter.charCodeAt(0));
  if (has(0, "\x89PNG\r\n\x1a\n") && has(12, "IHDR") && file.length >= 24) {
    return sizeOf(view.getUint32(16), view.getUint32(20));
  }
  if (has(0, "GIF8") && file.length >= 10) return sizeOf(view.getUint16(6, true), view.getUint16(8, true));
  if (has(0, "RIFF") && has(8, "WEBP") && file.length >= 30) return webpSize(view, has);
  return has(0, "\xff\xd8") ? jpegSize(view) : null;
}

function webpSize(view: DataView, has: (at: number, text: string) => boolean): PictureSize | null {
  const uint24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x1_0000;
  if (has(12, "VP8X")) return sizeOf(uint24(24) + 1, uint24(27) + 1);
  if (has(12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return sizeOf((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (has(12, "VP8 ")) return sizeOf(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  return null;
}

/** Its largest frame: what stands in a preview within a segment is skipped with the segment. */
function jpegSize(view: DataView): PictureSize | null {
  let found: PictureSize | null = null;
  for (let at = 2; at + 9 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return found;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // From the start of a scan on there are pixels.
    if (marker === 0xda || marker === 0xd9) return found;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const size = sizeOf(view.getUint16(at + 7), view.getUint16(at + 5));
      if (found === null || (size !== null && size.width * size.height > found.width * found.height)) found = size;
    }
    at += 2 + view.getUint16(at + 2);
  }
  return found;
}

function sizeOf(width: number, height: number): PictureSize | null {
  return width > 0 && height > 0 ? { width, height } : null;
}
