import { crc32 } from "./crc32.js";
import { type Exif, NO_EXIF, readExif, writeOrientation } from "./exif.js";
import type { Layout, Part } from "./layout.js";
import { PictureError } from "./picture-error.js";
import type { Source } from "./source.js";

const SIGNATURE_BYTES = 8;
const MAX_CHUNKS = 200_000;
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];
/** What changes how a picture looks: transparency, colours, size in print, animation. */
const KEPT = new Set([
  ...CRITICAL,
  ...["tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "hIST", "sPLT"],
  ...["acTL", "fcTL", "fdAT"],
]);

/**
 * Takes a PNG apart by its chunks (PNG third edition). The copy has those that change how it looks, unchanged, and
 * nothing behind the last.
 * @throws PictureError
 */
export async function readPng(source: Source): Promise<Layout> {
  const parts: Part[] = [{ from: 0, to: SIGNATURE_BYTES }];
  const head = await source.fields(SIGNATURE_BYTES, 25);
  if (head.uint32(0) !== 13 || head.text(4, 4) !== "IHDR") throw new PictureError("malformed", "no header comes first");
  const size = { width: head.uint32(8), height: head.uint32(12) };
  let exif: Exif | null = null;
  let other = false;
  let before = "";
  let pictures = 0;
  let at = SIGNATURE_BYTES;
  for (let count = 0; before !== "IEND"; count += 1) {
    if (count > MAX_CHUNKS) throw new PictureError("unsupported", "too many chunks");
    const fields = await source.fields(at, 8);
    const length = fields.uint32(0);
    const type = fields.text(4, 4);
    const end = at + 12 + length;
    if (!/^[A-Za-z]{2}[A-Z][A-Za-z]$/.test(type) || end > source.size)
      throw new PictureError("malformed", "a chunk that is none");
    if (/^[A-Z]/.test(type) && !CRITICAL.includes(type)) throw new PictureError("unsupported", "a chunk unknown to us");
    if ((type === "IHDR") !== (count === 0) || (type === "IEND" && length > 0))
      throw new PictureError("malformed", "a chunk in the wrong place");
    if (type === "IDAT" && before !== "IDAT") pictures += 1;
    if (type === "eXIf") {
      if (exif !== null) throw new PictureError("unsupported", "Exif twice");
      exif = readExif(await source.read(at + 8, length));
      if (exif.orientation > 1) parts.push(chunkOf(type, writeOrientation(exif.orientation)));
    } else if (KEPT.has(type)) parts.push({ from: at, to: end });
    else other = true;
    before = type;
    at = end;
  }
  if (pictures !== 1) throw new PictureError("malformed", "a picture that is not in one piece");
  const { data } = exif ?? NO_EXIF;
  return { kind: "png", ...size, data: { ...data, other: data.other || other || at < source.size }, parts };
}

function chunkOf(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}
