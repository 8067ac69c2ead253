import { Fields } from "./fields.js";
import { NO_DATA, type PictureData } from "./layout.js";
import { PictureError } from "./picture-error.js";

export interface Exif {
  /** 1 to 8: how the picture is turned; 1 is not at all. */
  readonly orientation: number;
  readonly data: PictureData;
}

export const NO_EXIF: Exif = { orientation: 1, data: NO_DATA };

const TAG = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  software: 0x0131,
  changed: 0x0132,
  exif: 0x8769,
  place: 0x8825,
  taken: 0x9003,
} as const;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const MAX_ENTRIES = 1_000;
const MAX_TEXT = 80;

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where the value's four bytes stand. */
  readonly at: number;
}

type Directory = ReadonlyMap<number, Entry>;

/**
 * Reads what Exif says of a picture (CIPA DC-008, TIFF 6.0): place, camera, day and software.
 * @param tiff from its byte order mark on
 * @throws PictureError `malformed`
 */
export function readExif(tiff: Uint8Array<ArrayBuffer>): Exif {
  const order = new Fields(tiff).text(0, 2);
  if (order !== "II" && order !== "MM") throw new PictureError("malformed", "Exif without a byte order");
  const fields = new Fields(tiff, order === "II");
  if (fields.uint16(2) !== 42) throw new PictureError("malformed", "Exif that is no TIFF");
  const main = directory(fields, fields.uint32(4));
  const inner = (tag: number): Directory => {
    const entry = main.get(tag);
    if (entry === undefined) return new Map();
    if (entry.type !== LONG || entry.count !== 1) throw new PictureError("malformed", "Exif with a lost directory");
    return directory(fields, fields.uint32(entry.at));
  };
  const exif = inner(TAG.exif);
  const place = inner(TAG.place);
  const orientation = readOrientation(fields, main.get(TAG.orientation));
  const camera = [text(fields, main.get(TAG.make)), text(fields, main.get(TAG.model))].filter((each) => each !== null);
  const data = {
    place: readPlace(fields, place),
    camera: camera.length === 0 ? null : camera.join(" "),
    taken: readTime(text(fields, exif.get(TAG.taken)) ?? text(fields, main.get(TAG.changed))),
    software: text(fields, main.get(TAG.software)),
    other: !isBare(fields, main, tiff.length),
  };
  return { orientation, data };
}

/** Exif that says how a picture is turned, and nothing else: 26 bytes of TIFF. */
export function writeOrientation(orientation: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1, TAG.orientation >> 8, TAG.orientation & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
}

/** Whether nothing but {@link writeOrientation}, and zeros after it, stands there. */
function isBare(fields: Fields, main: Directory, length: number): boolean {
  const bare = writeOrientation(readOrientation(fields, main.get(TAG.orientation)));
  return length >= bare.length && fields.bytes.every((byte, index) => byte === (bare[index] ?? 0));
}

function directory(fields: Fields, at: number): Directory {
  const count = fields.uint16(at);
  if (count > MAX_ENTRIES) throw new PictureError("malformed", "Exif with too many entries");
  const entries = new Map<number, Entry>();
  for (let index = 0; index < count; index += 1) {
    const place = at + 2 + 12 * index;
    const entry = { type: fields.uint16(place + 2), count: fields.uint32(place + 4), at: place + 8 };
    fields.part(entry.at, 4);
    entries.set(fields.uint16(place), entry);
  }
  return entries;
}

function readOrientation(fields: Fields, entry: Entry | undefined): number {
  if (entry === undefined) return 1;
  const value = entry.type === SHORT && entry.count === 1 ? fields.uint16(entry.at) : 0;
  if (value > 8) throw new PictureError("malformed", "Exif that turns a picture in no known way");
  // Programs write 0 where they do not know, and browsers take that for 1.
  return Math.max(1, value);
}

/** Null where nothing is said; `?` where it cannot be read. */
function text(fields: Fields, entry: Entry | undefined): string | null {
  if (entry === undefined || entry.count === 0) return null;
  if (entry.type !== ASCII) return "?";
  const at = entry.count <= 4 ? entry.at : fields.uint32(entry.at);
  if (at + entry.count > fields.length) return "?";
  const bytes = fields.part(at, Math.min(entry.count, 4 * MAX_TEXT));
  const end = bytes.indexOf(0);
  const decoded = new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
  const said = decoded.replace(/[\p{C}\s]+/gu, " ").trim();
  return said === "" ? null : said.slice(0, MAX_TEXT);
}

function readTime(said: string | null): string | null {
  const [, year, month, day, time] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(said ?? "") ?? [];
  return year === undefined ? said : `${year}-${month}-${day}T${time}`;
}

function readPlace(fields: Fields, place: Directory): string | null {
  if (![...place.keys()].some((tag) => tag >= 1 && tag <= 6)) return null;
  const latitude = degrees(fields, place.get(2), place.get(1), "S");
  const longitude = degrees(fields, place.get(4), place.get(3), "W");
  return latitude === null || longitude === null ? "?" : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

/** Degrees, minutes and seconds, each a fraction; null where they cannot be read. */
function degrees(fields: Fields, value: Entry | undefined, side: Entry | undefined, negative: string): number | null {
  if (value?.type !== RATIONAL || value.count !== 3 || side === undefined) return null;
  const at = fields.uint32(value.at);
  if (at + 24 > fields.length) return null;
  const part = (index: number) => fields.uint32(at + 8 * index) / fields.uint32(at + 8 * index + 4);
  const sum = part(0) + part(1) / 60 + part(2) / 3600;
  if (!Number.isFinite(sum)) return null;
  return fields.text(side.at, 1) === negative ? -sum : sum;
}
