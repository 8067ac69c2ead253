/** What a picture tells besides what it shows. Texts are short, without control characters. */
export interface PictureData {
  /** Degrees, such as `55.75120, 37.61840`; `?` where it cannot be read. */
  readonly place: string | null;
  /** Maker and model. */
  readonly camera: string | null;
  /** Local time, such as `2024-05-03T14:12:11`, or what stands in its place. */
  readonly taken: string | null;
  readonly software: string | null;
  /** Anything else: previews, captions, a history of edits, serial numbers, data behind the picture's end. */
  readonly other: boolean;
}

export const NO_DATA: PictureData = { place: null, camera: null, taken: null, software: null, other: false };

/** A part of the copy: bytes of the original from `from` to before `to`, or these, or so many zeros. */
export type Part =
  | { readonly from: number; readonly to: number }
  | Uint8Array<ArrayBuffer>
  | { readonly zeros: number };

/** A picture taken apart. */
export interface Layout {
  readonly kind: "jpeg" | "png" | "webp" | "heif";
  /** Pixels, before it is turned. */
  readonly width: number;
  readonly height: number;
  readonly data: PictureData;
  /** The copy without the data. What it shows, how it is turned, and its colours are the original's. */
  readonly parts: readonly Part[];
}
