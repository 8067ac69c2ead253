import type { Fields } from "./fields.js";
import { PictureError } from "./picture-error.js";
import type { Source } from "./source.js";

/** A box (ISO/IEC 14496-12 section 4.2). */
export interface Box {
  readonly type: string;
  readonly at: number;
  /** Where its contents begin. */
  readonly body: number;
  readonly end: number;
}

const MAX_BOXES = 10_000;

/** The boxes of a file. */
export async function boxesOf(source: Source): Promise<readonly Box[]> {
  const boxes: Box[] = [];
  for (let at = 0; at < source.size; ) {
    const head = await source.fields(at, Math.min(16, source.size - at));
    const box = boxAt(head, 0, at, source.size);
    boxes.push(box);
    if (boxes.length > MAX_BOXES) throw new PictureError("unsupported", "too many boxes");
    at = box.end;
  }
  return boxes;
}

/** The boxes inside another, whose bytes are there. */
export function boxesIn(fields: Fields, from: number, end: number): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < end; at = boxes.at(-1)?.end ?? end) {
    boxes.push(boxAt(fields, at, at, end));
    if (boxes.length > MAX_BOXES) throw new PictureError("unsupported", "too many boxes");
  }
  return boxes;
}

/** @param place where its head stands in `fields`; `at` is where that is */
function boxAt(fields: Fields, place: number, at: number, limit: number): Box {
  const length = fields.uint32(place);
  const type = fields.text(place + 4, 4);
  const large = length === 1;
  const head = large ? 16 : 8;
  const end = length === 0 ? limit : at + (large ? fields.uint64(place + 8) : length);
  if (end < at + head || end > limit) throw new PictureError("malformed", "a box of an impossible length");
  return { type, at, body: at + head, end };
}
