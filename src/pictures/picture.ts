import type { Layout, Part, PictureData } from "./layout.js";
import { PictureError } from "./picture-error.js";
import { Source } from "./source.js";

const HEAD_BYTES = 12;
/** What stands in the box `ftyp` before the kinds that the file is also of. */
const MAX_BRANDS_BYTES = 4096;
/** HEIC and AVIF (ISO/IEC 23008-12 section 10). */
const HEIF = /^(?:hei[cxms]|mif1|avif)$/;
/** Series of pictures, JPEG XL, JPEG 2000 and raw pictures in boxes. */
const OTHER_BOXES = /^(?:hev[cxms]|mif[23]|msf1|avis|miaf|vvi[cs]|jxl |jp[2xm] |jpeg|jpgs|j2k[is]|crx )$/;
/** TIFF with the raw pictures of cameras, GIF, JPEG XL and JPEG 2000. */
const OTHERS = [
  ...["II*\0", "II+\0", "IIU\0", "MM\0*", "MM\0+", "IIRO", "IIRS", "FUJIFILM"],
  ...["GIF8", "\xff\x0a", "\0\0\0\x0cJXL ", "\0\0\0\x0cjP  "],
];
const ZEROS = new Uint8Array(64 * 1024);

/** A picture of a kind that we take apart. */
export interface Picture extends Pick<Layout, "kind" | "width" | "height" | "data"> {
  /** A copy without the data: never encoded anew, and no longer than the original by more than 50 bytes. */
  readonly copy: () => Blob;
}

/** What takes a picture of each kind apart. */
export type Readers = Readonly<Record<Layout["kind"], (source: Source) => Promise<Layout>>>;

/**
 * What a picture tells besides what it shows, and a copy of it without that.
 * @returns null for a file that is no picture
 * @throws PictureError for a picture that we do not take apart; what reading the file throws
 */
export async function readPictureWith(readers: Readers, file: Blob): Promise<Picture | null> {
  const source = new Source(file);
  if (source.size < HEAD_BYTES) return null;
  const kind = await kindOf(source);
  if (kind === null) return null;
  const { width, height, data, parts } = await readers[kind](source);
  return { kind, width, height, data, copy: () => new Blob(parts.flatMap((part) => piecesOf(file, part))) };
}

/** Whether it tells nothing. */
export function isSilent({ place, camera, taken, software, other }: PictureData): boolean {
  return !other && [place, camera, taken, software].every((each) => each === null);
}

async function kindOf(source: Source): Promise<Layout["kind"] | null> {
  const head = (await source.fields(0, HEAD_BYTES)).text(0, HEAD_BYTES);
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "webp";
  const brands = /^.{4}ftyp/s.test(head) ? await brandsOf(source) : [];
  if (brands.some((brand) => HEIF.test(brand))) return "heif";
  if (OTHERS.some((each) => head.startsWith(each)) || brands.some((brand) => OTHER_BOXES.test(brand)))
    throw new PictureError("unsupported", "a picture of another kind");
  return null;
}

/** What the box `ftyp` says that the file is (ISO/IEC 14496-12 section 4.3). */
async function brandsOf(source: Source): Promise<readonly string[]> {
  const fields = await source.fields(0, Math.min(source.size, MAX_BRANDS_BYTES));
  const large = fields.uint32(0) === 1;
  const body = large ? 16 : 8;
  const length = large ? fields.uint64(8) : fields.uint32(0);
  const words = fields.text(0, Math.min(fields.length, length)).slice(body).match(/.{4}/gs) ?? [];
  return words.filter((_word, index) => index !== 1);
}

function piecesOf(file: Blob, part: Part): Blob | Uint8Array<ArrayBuffer> | readonly Uint8Array<ArrayBuffer>[] {
  if ("from" in part) return file.slice(part.from, part.to);
  if (!("zeros" in part)) return part;
  const whole = Array.from({ length: Math.floor(part.zeros / ZEROS.length) }, () => ZEROS);
  return [...whole, ZEROS.subarray(0, part.zeros % ZEROS.length)];
}
