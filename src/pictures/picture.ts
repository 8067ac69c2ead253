import { readHeif } from "./heif.js";
import { readJpeg } from "./jpeg.js";
import type { Layout, Part, PictureData } from "./layout.js";
import { readPng } from "./png.js";
import { Source } from "./source.js";
import { readWebp } from "./webp.js";

const HEAD_BYTES = 12;
const ZEROS = new Uint8Array(64 * 1024);

/** A picture of a kind that we take apart. */
export interface Picture extends Pick<Layout, "kind" | "width" | "height" | "data"> {
  /** A copy without the data: never encoded anew, and no longer than the original by more than 50 bytes. */
  readonly copy: () => Blob;
}

/**
 * What a picture tells besides what it shows, and a copy of it without that.
 * @returns null for a file of another kind
 * @throws PictureError for a picture that we do not take apart; what reading the file throws
 */
export async function readPicture(file: Blob): Promise<Picture | null> {
  const source = new Source(file);
  if (source.size < HEAD_BYTES) return null;
  const read = readerOf((await source.fields(0, HEAD_BYTES)).text(0, HEAD_BYTES));
  if (read === null) return null;
  const { kind, width, height, data, parts } = await read(source);
  return { kind, width, height, data, copy: () => new Blob(parts.flatMap((part) => piecesOf(file, part))) };
}

/** Whether it tells nothing. */
export function isSilent({ place, camera, taken, software, other }: PictureData): boolean {
  return !other && [place, camera, taken, software].every((each) => each === null);
}

function readerOf(head: string): ((source: Source) => Promise<Layout>) | null {
  if (head.startsWith("\xff\xd8\xff")) return readJpeg;
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return readPng;
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return readWebp;
  if (/^.{4}ftyp(?:heic|heix|heim|heis|mif1|avif)$/s.test(head)) return readHeif;
  return null;
}

function piecesOf(file: Blob, part: Part): Blob | Uint8Array<ArrayBuffer> | readonly Uint8Array<ArrayBuffer>[] {
  if ("from" in part) return file.slice(part.from, part.to);
  if (!("zeros" in part)) return part;
  const whole = Array.from({ length: Math.floor(part.zeros / ZEROS.length) }, () => ZEROS);
  return [...whole, ZEROS.subarray(0, part.zeros % ZEROS.length)];
}
