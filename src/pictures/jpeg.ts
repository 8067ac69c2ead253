import { type Exif, NO_EXIF, readExif, writeOrientation } from "./exif.js";
import type { Layout, Part } from "./layout.js";
import { PictureError } from "./picture-error.js";
import type { Source } from "./source.js";

const MARKER = { SOI: 0xd8, EOI: 0xd9, SOS: 0xda, APP0: 0xe0, APP1: 0xe1, APP2: 0xe2, APP14: 0xee, COM: 0xfe } as const;
/** Baseline, extended and progressive frames: what browsers draw. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** Huffman tables, quantization tables, restart interval. */
const TABLES = [0xc4, 0xdb, 0xdd];
const EXIF = "Exif\0\0";
const ICC = "ICC_PROFILE\0";
const JFIF = "JFIF\0";
/** Of the payload, without a preview. */
const JFIF_BYTES = 14;
const ADOBE_BYTES = 12;
const MAX_SEGMENTS = 10_000;
const MAX_FILL = 16;
const CHUNK_BYTES = 256 * 1024;

interface Segment {
  readonly marker: number;
  /** Of the marker, of what follows its length, and of the end. */
  readonly at: number;
  readonly payload: number;
  readonly end: number;
}

/**
 * Takes a JPEG apart by its markers (ITU-T T.81 annex B). The copy has the frame, its tables, its scans, the colour
 * profile, and how it is turned; the entropy-coded data is not decoded.
 * @throws PictureError
 */
export async function readJpeg(source: Source): Promise<Layout> {
  const parts: Part[] = [{ from: 0, to: 2 }];
  let size: { readonly width: number; readonly height: number } | null = null;
  let exif: Exif | null = null;
  let scans = 0;
  let other = false;
  let at = 2;
  for (let count = 0; ; count += 1) {
    if (count > MAX_SEGMENTS) throw new PictureError("unsupported", "too many segments");
    const segment = await segmentAt(source, at);
    const { marker, payload, end } = segment;
    const whole = { from: segment.at, to: end };
    const bytes = end - payload;
    const begins = async (text: string) =>
      bytes >= text.length && (await source.fields(payload, text.length)).text(0, text.length) === text;
    at = end;
    if (marker === MARKER.EOI) {
      parts.push(whole);
      break;
    }
    if (FRAMES.includes(marker)) {
      if (size !== null) throw new PictureError("malformed", "two frames");
      const fields = await source.fields(payload, bytes);
      size = { height: fields.uint16(1), width: fields.uint16(3) };
      if (bytes !== 6 + 3 * fields.uint8(5)) throw new PictureError("malformed", "a frame of another length");
      if (size.height === 0 || size.width === 0) throw new PictureError("unsupported", "a height that follows later");
      parts.push(whole);
    } else if (TABLES.includes(marker)) parts.push(whole);
    else if (marker === MARKER.SOS) {
      if (size === null) throw new PictureError("malformed", "a scan before its frame");
      at = await endOfScan(source, end);
      scans += 1;
      parts.push({ from: segment.at, to: at });
    } else if (marker === MARKER.APP0 && bytes >= JFIF_BYTES && (await begins(JFIF))) {
      const head = await source.read(payload, JFIF_BYTES - 2);
      parts.push(segmentOf(marker, new Uint8Array([...head, 0, 0])));
      other ||= bytes > JFIF_BYTES;
    } else if (marker === MARKER.APP1 && (await begins(EXIF))) {
      if (exif !== null) throw new PictureError("unsupported", "Exif twice");
      exif = readExif(await source.read(payload + EXIF.length, bytes - EXIF.length));
      if (exif.orientation > 1) parts.push(segmentOf(marker, exifOf(exif.orientation)));
    } else if (marker === MARKER.APP2 && (await begins(ICC))) parts.push(whole);
    else if (marker === MARKER.APP14 && bytes >= ADOBE_BYTES && (await begins("Adobe"))) {
      // How the colours are coded.
      parts.push(segmentOf(marker, await source.read(payload, ADOBE_BYTES)));
      other ||= bytes > ADOBE_BYTES;
    } else if ((marker >= MARKER.APP0 && marker <= 0xef) || marker === MARKER.COM) other = true;
    else throw new PictureError("unsupported", "a marker that we do not know");
  }
  if (size === null || scans === 0) throw new PictureError("malformed", "a picture without a scan");
  const { data } = exif ?? NO_EXIF;
  return { kind: "jpeg", ...size, data: { ...data, other: data.other || other || at < source.size }, parts };
}

async function segmentAt(source: Source, from: number): Promise<Segment> {
  for (let at = from; at < from + MAX_FILL; at += 1) {
    const head = await source.fields(at, 2);
    if (head.uint8(0) !== 0xff) throw new PictureError("malformed", "no marker where one must be");
    const marker = head.uint8(1);
    // Any marker may have fill bytes before it (B.1.1.2).
    if (marker === 0xff) continue;
    if (marker === MARKER.EOI) return { marker, at, payload: at + 2, end: at + 2 };
    // Those without a length have no place here.
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= MARKER.SOI))
      throw new PictureError("malformed", "a stray marker");
    const length = (await source.fields(at + 2, 2)).uint16(0);
    const end = at + 2 + length;
    if (length < 2 || end > source.size) throw new PictureError("malformed", "a segment beyond the end");
    return { marker, at, payload: at + 4, end };
  }
  throw new PictureError("malformed", "too many fill bytes");
}

/** Where the next marker stands that is no restart: 0xff 0x00 is data. */
async function endOfScan(source: Source, from: number): Promise<number> {
  for (let at = from; ; ) {
    const chunk = await source.read(at, Math.min(CHUNK_BYTES, source.size - at));
    if (chunk.length < 2) throw new PictureError("malformed", "a scan without an end");
    for (let index = chunk.indexOf(0xff); index !== -1; index = chunk.indexOf(0xff, index + 1)) {
      const next = chunk[index + 1];
      if (next === undefined) break;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + index;
    }
    at += chunk.length - (chunk.at(-1) === 0xff ? 1 : 0);
  }
}

function exifOf(orientation: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...new TextEncoder().encode(EXIF), ...writeOrientation(orientation)]);
}

function segmentOf(marker: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = payload.length + 2;
  return new Uint8Array([0xff, marker, length >> 8, length & 0xff, ...payload]);
}
