import { concat, utf8 } from "./bytes.js";
import { pictureVector } from "./pictures.js";

/** A box (ISO/IEC 14496-12 section 4.2), whose length may be written in 64 bits. */
export function box(type: string, body: Uint8Array, large = false): Uint8Array<ArrayBuffer> {
  const head = large ? concat(uint(1, 4), utf8(type), uint(16 + body.length, 8)) : null;
  return concat(head ?? concat(uint(8 + body.length, 4), utf8(type)), body);
}

export function uint(value: number, bytes: number): Uint8Array<ArrayBuffer> {
  const written = Buffer.alloc(8);
  written.writeBigUInt64BE(BigInt(value));
  return Uint8Array.from(written.subarray(8 - bytes));
}

const full = (type: string, version: number, ...body: readonly Uint8Array[]) =>
  box(type, concat(uint(version, 1), uint(0, 3), ...body));

export interface HeicItem {
  readonly type: string;
  readonly contents: Uint8Array;
  /** Where its bytes are (section 8.11.3): in `mdat`, in `idat`, or, written as those of another item, in neither. */
  readonly method: 0 | 1 | 2;
  /** How many pieces its bytes lie in. */
  readonly pieces: number;
  readonly name?: string;
  /** Behind the name, each with a zero at its end. */
  readonly kinds?: readonly string[];
}

/** A picture that one decodes, with whatever else a program could write. */
export interface HeicOptions {
  readonly brands: readonly string[];
  /** Types of boxes whose length takes 64 bits. */
  readonly large: readonly string[];
  readonly locationVersion: 0 | 1 | 2;
  readonly offsetBytes: 4 | 8;
  readonly baseBytes: 0 | 4 | 8;
  /** Two pictures side by side, or one. */
  readonly grid: boolean;
  readonly items: readonly HeicItem[];
  readonly properties: readonly Uint8Array[];
  readonly inMeta: readonly Uint8Array[];
  readonly behind: readonly Uint8Array[];
  readonly handler: string;
}

export const PLAIN_HEIC: HeicOptions = {
  brands: ["heic", "mif1", "heic"],
  large: [],
  locationVersion: 1,
  offsetBytes: 4,
  baseBytes: 0,
  grid: false,
  items: [],
  properties: [],
  inMeta: [],
  behind: [],
  handler: "",
};

const SAMPLE = pictureVector("plain.heic");
const sampleBox = (type: string) => {
  const at = SAMPLE.indexOf(type) - 4;
  return SAMPLE.subarray(at, at + SAMPLE.readUInt32BE(at));
};
/** The coded picture itself, which every copy must hold. */
export const CODED = Uint8Array.from(sampleBox("mdat").subarray(8));
const WIDTH = 96;
const HEIGHT = 64;

/** Exif of a telephone (CIPA DC-008) with a place and the canary, as the contents of an item. */
export function exifItem(): Uint8Array<ArrayBuffer> {
  const phone = pictureVector("progressive.jpg");
  const at = phone.indexOf("Exif\0\0");
  return concat(uint(0, 4), phone.subarray(at + 6, at - 2 + phone.readUInt16BE(at - 2)));
}

export function makeHeic(options: HeicOptions): Buffer<ArrayBuffer> {
  const pictures: HeicItem[] = (options.grid ? [1, 2] : [1]).map(() => picture("hvc1", CODED));
  if (options.grid)
    pictures.push(picture("grid", concat(Uint8Array.of(0, 0, 0, 1), uint(2 * WIDTH, 2), uint(HEIGHT, 2))));
  const items = [...pictures, ...options.items];
  const [brand = "heic", ...brands] = options.brands;
  const large = (type: string) => options.large.includes(type);
  const head = box("ftyp", concat(utf8(brand), uint(0, 4), ...brands.map(utf8)), large("ftyp"));
  const inMdat = concat(...items.filter(({ method }) => method === 0).map(({ contents }) => contents));
  const inIdat = concat(...items.filter(({ method }) => method === 1).map(({ contents }) => contents));
  const metaAt = (mdatBody: number) =>
    box(
      "meta",
      concat(
        uint(0, 4),
        full("hdlr", 0, uint(0, 4), utf8("pict"), new Uint8Array(12), utf8(`${options.handler}\0`)),
        full("pitm", 0, uint(options.grid ? 3 : 1, 2)),
        full("iinf", 0, uint(items.length, 2), ...items.map(listed)),
        ...(options.grid ? [full("iref", 0, box("dimg", concat(...[3, 2, 1, 2].map((each) => uint(each, 2)))))] : []),
        propertiesOf(options),
        locationOf(options, items, mdatBody),
        ...(inIdat.length > 0 ? [box("idat", inIdat)] : []),
        ...options.inMeta,
      ),
      large("meta"),
    );
  const mdat = box("mdat", inMdat, large("mdat"));
  const before = head.length + metaAt(0).length;
  const meta = metaAt(before + mdat.length - inMdat.length);
  return Buffer.from(concat(head, meta, mdat, ...options.behind));
}

const picture = (type: string, contents: Uint8Array): HeicItem => ({ type, contents, method: 0, pieces: 1 });

function listed({ type, name = "", kinds = [] }: HeicItem, index: number): Uint8Array {
  const words = [name, ...kinds].map((each) => utf8(`${each}\0`));
  return full("infe", 2, uint(index + 1, 2), uint(0, 2), utf8(type), ...words);
}

function propertiesOf({ grid, properties }: HeicOptions): Uint8Array {
  const size = (width: number) => full("ispe", 0, uint(width, 4), uint(HEIGHT, 4));
  const all = [sampleBox("hvcC"), size(WIDTH), sampleBox("pixi"), size(2 * WIDTH), ...properties];
  const coded = Uint8Array.of(3, 0x81, 2, 0x83);
  const tied = grid
    ? ([
        [1, coded],
        [2, coded],
        [3, Uint8Array.of(2, 4, 3)],
      ] as const)
    : ([[1, coded]] as const);
  const ties = tied.map(([id, of]) => concat(uint(id, 2), of));
  return box("iprp", concat(box("ipco", concat(...all)), full("ipma", 0, uint(ties.length, 4), ...ties)));
}

function locationOf(options: HeicOptions, items: readonly HeicItem[], mdatBody: number): Uint8Array {
  const { locationVersion: version, offsetBytes, baseBytes } = options;
  const idBytes = version === 2 ? 4 : 2;
  const ends = [mdatBody, 0, 0];
  const entries = items.map(({ contents, method, pieces }, index) => {
    const start = ends[method] ?? 0;
    ends[method] = start + contents.length;
    const base = baseBytes === 0 ? 0 : Math.min(start, 7);
    const size = Math.ceil(contents.length / pieces);
    const extents = Array.from({ length: Math.ceil(contents.length / size) }, (_none, piece) => {
      const from = start + piece * size;
      return concat(uint(from - base, offsetBytes), uint(Math.min(size, start + contents.length - from), 4));
    });
    const how = version === 0 ? [] : [uint(method, 2)];
    return concat(
      uint(index + 1, idBytes),
      ...how,
      uint(0, 2),
      uint(base, baseBytes),
      uint(extents.length, 2),
      ...extents,
    );
  });
  const widths = Uint8Array.of((offsetBytes << 4) | 4, baseBytes << 4);
  return full("iloc", version, widths, uint(items.length, idBytes), ...entries);
}
