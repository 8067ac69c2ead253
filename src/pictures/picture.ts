import type { Layout, Part, PictureData } from "./layout.js";
import { Source } from "./source.js";

const HEAD_BYTES = 12;
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
 * @returns null for a file of another kind
 * @throws PictureError for a picture that we do not take apart; what reading the file throws
 */
export async function readPictureWith(readers: Readers, file: Blob): Promise<Picture | null> {
  const source = new Source(file);
  if (source.size < HEAD_BYTES) return null;
  const kind = kindOf((await source.fields(0, HEAD_BYTES)).text(0, HEAD_BYTES));
  if (kind === null) return null;
  const { width, height, data, parts } = await readers[kind](source);
  return { kind, width, height, data, copy: () => new Blob(parts.flatMap((part) => piecesOf(file, part))) };
}

/** Whether it tells nothing. */
export function isSilent({ place, camera, taken, software, other }: PictureData): boolean {
  return !other && [place, camera, taken, software].every((each) => each === null);
}

function kindOf(head: string): Layout["kind"] | null {
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "webp";
  if (/^.{4}ftyp(?:heic|heix|heim|heis|mif1|avif)$/s.test(head)) return "heif";
  return null;
}

function piecesOf(file: Blob, part: Part): Blob | Uint8Array<ArrayBuffer> | readonly Uint8Array<ArrayBuffer>[] {
  if ("from" in part) return file.slice(part.from, part.to);
  if (!("zeros" in part)) return part;
  const whole = Array.from({ length: Math.floor(part.zeros / ZEROS.length) }, () => ZEROS);
  return [...whole, ZEROS.subarray(0, part.zeros % ZEROS.length)];
}
