import type { Fields } from "./fields.js";
import { type Box, boxesIn } from "./heif-boxes.js";
import { PictureError } from "./picture-error.js";

/** Some bytes of an item. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Where an item's bytes are: in the file, or in the meta box's own data. */
export interface Place {
  readonly inMeta: boolean;
  readonly extents: readonly Extent[];
}

export interface Item {
  readonly id: number;
  readonly type: string;
  /** Its name's bytes. */
  readonly name: Extent;
  /** Behind the name: of what kind the contents are. */
  readonly rest: Extent;
}

const MAX_ITEMS = 10_000;
/** Of all items. */
const MAX_EXTENTS = 10_000;

/** The items that a box `iinf` lists (ISO/IEC 14496-12 section 8.11.6). */
export function readItems(fields: Fields, { body, end }: Box): readonly Item[] {
  const wide = fields.uint8(body) > 0;
  return boxesIn(fields, body + (wide ? 8 : 6), end).map(({ type, body: at, end: to }) => {
    const version = fields.uint8(at);
    if (type !== "infe" || (version !== 2 && version !== 3)) throw new PictureError("unsupported", "an old item");
    const idBytes = version === 2 ? 2 : 4;
    const id = version === 2 ? fields.uint16(at + 4) : fields.uint32(at + 4);
    const kind = at + 4 + idBytes + 2;
    const name = kind + 4;
    const length = fields.part(name, to - name).indexOf(0);
    if (length === -1) throw new PictureError("malformed", "a name without an end");
    const end = name + length;
    return { id, type: fields.text(kind, 4), name: { from: name, to: end }, rest: { from: end + 1, to } };
  });
}

/**
 * Where a box `iloc` says that the items are (section 8.11.3).
 * @returns the places by item, and where the box's last entry ends
 */
export function readPlaces(
  fields: Fields,
  { body }: Box,
): { readonly places: ReadonlyMap<number, Place>; readonly end: number } {
  const version = fields.uint8(body);
  if (version > 2) throw new PictureError("unsupported", "a new table of places");
  const widths = fields.uint16(body + 4);
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [12, 8, 4, 0].map((shift) => (widths >> shift) & 15) as [
    number,
    number,
    number,
    number,
  ];
  let at = body + 6;
  const next = (bytes: number) => {
    const value = bytes === 2 ? fields.uint16(at) : fields.uint(at, bytes);
    at += bytes;
    return value;
  };
  const idBytes = version === 2 ? 4 : 2;
  const count = next(idBytes);
  if (count > MAX_ITEMS) throw new PictureError("unsupported", "too many items");
  const places = new Map<number, Place>();
  let all = 0;
  for (let index = 0; index < count; index += 1) {
    const id = next(idBytes);
    const method = version === 0 ? 0 : next(2) & 15;
    if (method > 1 || next(2) !== 0)
      throw new PictureError("unsupported", "an item that is made of others, or elsewhere");
    const base = next(baseBytes);
    const extents: Extent[] = [];
    for (let left = next(2); left > 0; left -= 1) {
      all += 1;
      if (all > MAX_EXTENTS) throw new PictureError("unsupported", "items in too many pieces");
      if (version > 0) next(indexBytes);
      const from = base + next(offsetBytes);
      const length = next(lengthBytes);
      if (length === 0) throw new PictureError("unsupported", "an item without a length");
      extents.push({ from, to: from + length });
    }
    if (places.has(id)) throw new PictureError("malformed", "an item in two places");
    places.set(id, { inMeta: method === 1, extents });
  }
  return { places, end: at };
}
