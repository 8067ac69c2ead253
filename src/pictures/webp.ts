import { type Exif, NO_EXIF, readExif, writeOrientation } from "./exif.js";
import type { Fields } from "./fields.js";
import type { Layout, Part } from "./layout.js";
import { PictureError } from "./picture-error.js";
import type { Source } from "./source.js";

const HEAD_BYTES = 12;
const MAX_CHUNKS = 10_000;
const EXIF_FLAG = 0x08;
const XMP_FLAG = 0x04;
const EXIF = "Exif\0\0";
const KEPT = ["VP8 ", "VP8L", "ALPH", "ICCP", "ANIM", "ANMF"];
const OF_FRAMES = ["VP8 ", "VP8L", "ALPH"];
/** Of a frame of an animation, before its chunks. */
const FRAME_BYTES = 16;

/**
 * Takes a WebP apart by its chunks (RFC 9649). The copy has those of the picture, the colour profile and how it is
 * turned.
 * @throws PictureError
 */
export async function readWebp(source: Source): Promise<Layout> {
  const end = 8 + (await source.fields(4, 4, true)).uint32(0);
  if (end < HEAD_BYTES || end > source.size) throw new PictureError("malformed", "another length than it says");
  const kept: Part[] = [];
  let extended: Uint8Array<ArrayBuffer> | null = null;
  let size: { readonly width: number; readonly height: number } | null = null;
  let exif: Exif | null = null;
  let other = end < source.size;
  let count = 0;
  for await (const { type, at, payload, next } of chunksOf(source, HEAD_BYTES, end)) {
    if (type === "VP8X") {
      if (count > 0) throw new PictureError("malformed", "a header that comes too late");
      const fields = await source.fields(payload, 10, true);
      size = { width: 1 + fields.uint24(4), height: 1 + fields.uint24(7) };
      extended = new Uint8Array(await source.read(at, 18));
    } else if (type === "EXIF") {
      if (exif !== null) throw new PictureError("unsupported", "Exif twice");
      const bytes = await source.fields(payload, (await source.fields(at + 4, 4, true)).uint32(0));
      // Some programs write what JPEG has before it.
      const skip = bytes.length >= EXIF.length && bytes.text(0, EXIF.length) === EXIF ? EXIF.length : 0;
      exif = readExif(bytes.part(skip, bytes.length - skip));
    } else if (KEPT.includes(type)) {
      if (type === "ANMF") await checkFrame(source, payload + FRAME_BYTES, next);
      if (size === null) size = simpleSize(type, await source.fields(payload, 10, true));
      kept.push({ from: at, to: next });
    } else other = true;
    count += 1;
  }
  if (size === null || kept.length === 0) throw new PictureError("malformed", "a file without a picture");
  const { orientation, data } = exif ?? NO_EXIF;
  if (extended !== null) {
    const flags = (extended[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG);
    extended[8] = flags | (orientation > 1 ? EXIF_FLAG : 0);
    kept.unshift(extended);
    if (orientation > 1) kept.push(chunkOf("EXIF", writeOrientation(orientation)));
  }
  const length = kept.reduce((sum, part) => sum + lengthOf(part), 0);
  const parts = [riff(4 + length), ...kept];
  return { kind: "webp", ...size, data: { ...data, other: data.other || other }, parts };
}

interface Chunk {
  readonly type: string;
  readonly at: number;
  readonly payload: number;
  /** With the padding. */
  readonly next: number;
}

async function* chunksOf(source: Source, from: number, end: number): AsyncGenerator<Chunk> {
  for (let at = from, count = 0; at < end; count += 1) {
    if (count > MAX_CHUNKS) throw new PictureError("unsupported", "too many chunks");
    const fields = await source.fields(at, 8, true);
    const length = fields.uint32(4);
    const next = at + 8 + length + (length % 2);
    if (next > end) throw new PictureError("malformed", "a chunk beyond the end");
    yield { type: fields.text(0, 4), at, payload: at + 8, next };
    at = next;
  }
}

async function checkFrame(source: Source, from: number, end: number): Promise<void> {
  for await (const { type } of chunksOf(source, from, end)) {
    if (!OF_FRAMES.includes(type)) throw new PictureError("unsupported", "a frame with something in it");
  }
}

/** Of a file that is only a picture (RFC 6386 section 9.1, RFC 9649 section 3.4). */
function simpleSize(type: string, fields: Fields): { readonly width: number; readonly height: number } {
  if (type === "VP8 " && fields.uint24(3) === 0x2a019d)
    return { width: fields.uint16(6) & 0x3fff, height: fields.uint16(8) & 0x3fff };
  if (type !== "VP8L" || fields.uint8(0) !== 0x2f) throw new PictureError("malformed", "a picture that is none");
  const bits = fields.uint32(1);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

function riff(length: number): Uint8Array<ArrayBuffer> {
  const head = chunkOf("RIFF", new TextEncoder().encode("WEBP"));
  new DataView(head.buffer).setUint32(4, length, true);
  return head;
}

function chunkOf(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(8 + data.length);
  chunk.set(new TextEncoder().encode(type));
  new DataView(chunk.buffer).setUint32(4, data.length, true);
  chunk.set(data, 8);
  return chunk;
}

function lengthOf(part: Part): number {
  if ("from" in part) return part.to - part.from;
  return "zeros" in part ? part.zeros : part.length;
}
