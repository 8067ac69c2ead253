import type { Extent } from "./heif-items.js";
import type { Part } from "./layout.js";
import { PictureError } from "./picture-error.js";

/** Bytes to write at a place. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Kept {
  readonly kept: readonly Extent[];
  /** What goes, which nothing kept may overlap. */
  readonly telling: readonly Extent[];
  /** Each inside of what goes. */
  readonly patches: readonly Patch[];
}

/** A part of the copy, and where it starts in the original. */
export interface PlacedPart {
  readonly start: number;
  readonly part: Part;
}

/**
 * The contents of `places` with zeros wherever nothing is kept; of the same length, so that every other offset holds.
 * @returns parts, each with where it starts
 * @throws PictureError where something is in none of the places, or kept and to go at once
 */
export function keepOnly(places: readonly Extent[], { kept, telling, patches }: Kept): readonly PlacedPart[] {
  for (const each of [...kept, ...telling]) {
    if (!places.some(({ from, to }) => each.from >= from && each.to <= to))
      throw new PictureError("malformed", "an item outside of the data");
  }
  if (telling.some((each) => kept.some(({ from, to }) => each.from < to && from < each.to)))
    throw new PictureError("unsupported", "an item inside another");
  const written = patches.map(({ at, bytes }) => ({ from: at, to: at + bytes.length, bytes }));
  const all = [...kept.map((extent) => ({ ...extent, bytes: null })), ...written].sort((a, b) => a.from - b.from);
  const parts: PlacedPart[] = [];
  for (const { from, to } of places) {
    let at = from;
    for (const each of all.filter((extent) => extent.from >= from && extent.to <= to)) {
      if (each.to <= at) continue;
      const start = Math.max(at, each.from);
      if (start > at) parts.push({ start: at, part: { zeros: start - at } });
      parts.push({ start, part: each.bytes ?? { from: start, to: each.to } });
      at = each.to;
    }
    if (at < to) parts.push({ start: at, part: { zeros: to - at } });
  }
  return parts;
}
