import { type Exif, NO_EXIF, readExif, writeOrientation } from "./exif.js";
import { Fields } from "./fields.js";
import { type Box, boxesIn, boxesOf } from "./heif-boxes.js";
import { type Extent, readItems, readPlaces } from "./heif-items.js";
import { keepOnly, type Patch } from "./keep-only.js";
import type { Layout, Part } from "./layout.js";
import { PictureError } from "./picture-error.js";
import type { Source } from "./source.js";

/** Items that are pictures, coded or made of others. One of JPEG may hold Exif of its own. */
const PICTURES = new Set(["hvc1", "lhv1", "av01", "avc1", "grid", "iden", "iovl", "tmap"]);
/** Items that tell something: Exif, XMP and the like. */
const TELLING = new Set(["Exif", "mime", "uri "]);
const IN_META = new Set(["hdlr", "dinf", "pitm", "iinf", "iref", "iprp", "iloc", "idat", "grpl"]);
/** Properties that change how a picture is decoded or looks. */
const PROPERTIES = new Set([
  ...["ispe", "hvcC", "lhvC", "av1C", "avcC", "jpgC", "a1op", "a1lx", "lsel", "oinf", "tols", "colr", "pixi", "pasp"],
  ...["irot", "imir", "clap", "auxC", "rloc", "clli", "mdcv", "cclv", "amve", "ndwt", "reve"],
]);
/** Properties that tell something: descriptions, times. */
const TELLING_PROPERTIES = new Set(["udes", "crtt", "mdft", "altt", "uuid"]);
const EMPTY = new Set(["free", "skip"]);
/** Of an Exif item, before its TIFF: how far away that is. */
const EXIF_HEAD_BYTES = 4;
/** Of a box `hdlr`, before what is reserved, and its name. */
const HANDLER_BYTES = 12;
/** Of an item of XMP: what it is, which every telephone says in these words. */
const XMP = "application/rdf+xml\0";
/** Where the data is: in this file, and no word more. */
const IN_THIS_FILE = "\0\0\0\x1cdref\0\0\0\0\0\0\0\x01\0\0\0\x0curl \0\0\0\x01";

/**
 * Takes a HEIC or AVIF picture apart (ISO/IEC 23008-12). The copy has the same length: only the bytes of pictures are
 * kept, everything that tells something is zeros, or says how the picture is turned.
 * @throws PictureError
 */
export async function readHeif(source: Source): Promise<Layout> {
  const boxes = await boxesOf(source);
  const [meta, ...more] = boxes.filter(({ type }) => type === "meta");
  if (meta === undefined || more.length > 0) throw new PictureError("unsupported", "not one table of contents");
  if (boxes.some(({ type }) => type === "moov" || type === "moof"))
    throw new PictureError("unsupported", "a film besides the picture");
  const bytes = new Uint8Array(await source.read(meta.at, meta.end - meta.at));
  const inside = takeApart(new Fields(bytes), { ...meta, at: 0, body: meta.body - meta.at, end: bytes.length });
  const { kept, telling, idat } = inside;
  const tell = async ({ inMeta, extents }: Telling) => {
    const read = extents.map(({ from, to }) =>
      inMeta ? bytes.slice(idat + from, idat + to) : source.read(from, to - from).then((part) => part.slice()),
    );
    return new Uint8Array(await new Blob(await Promise.all(read)).arrayBuffer());
  };
  let exif: Exif | null = null;
  let other = inside.other || boxes.some(({ type }) => !["ftyp", "meta", "mdat", ...EMPTY].includes(type));
  const patches: (Patch & { readonly inMeta: boolean })[] = [];
  for (const item of telling) {
    const said = await tell(item);
    if (said.every((byte) => byte === 0)) continue;
    if (item.type !== "Exif") other = true;
    else {
      if (exif !== null) throw new PictureError("unsupported", "Exif twice");
      exif = readExif(said.subarray(EXIF_HEAD_BYTES + new Fields(said).uint32(0)));
      const [extent] = item.extents;
      const bare = new Uint8Array([0, 0, 0, 0, ...writeOrientation(exif.orientation)]);
      if (extent !== undefined && extent.to - extent.from >= bare.length)
        patches.push({ at: extent.from, bytes: bare, inMeta: item.inMeta });
    }
  }
  const within = (inMeta: boolean) => ({
    kept: kept.filter((place) => place.inMeta === inMeta).flatMap(({ extents }) => extents),
    telling: telling.filter((place) => place.inMeta === inMeta).flatMap(({ extents }) => extents),
    patches: patches.filter((patch) => patch.inMeta === inMeta),
  });
  for (const { start, part } of keepOnly([{ from: 0, to: inside.idatBytes }], within(true))) {
    if ("zeros" in part) bytes.fill(0, idat + start, idat + start + part.zeros);
    else if (!("from" in part)) bytes.set(part, idat + start);
  }
  const places = boxes.filter(({ type }) => type === "mdat").map(({ body, end }) => ({ from: body, to: end }));
  const contents = keepOnly(places, within(false));
  const parts = boxes.flatMap((box): readonly Part[] => {
    if (box.type === "ftyp") return [{ from: box.at, to: box.end }];
    if (box.type === "meta") return [bytes];
    const head = { from: box.at, to: box.body };
    if (box.type === "mdat")
      return [head, ...contents.filter(({ start }) => start >= box.body && start < box.end).map(({ part }) => part)];
    const free = new TextEncoder().encode("free");
    const length = { from: box.at + 8, to: box.body };
    return [{ from: box.at, to: box.at + 4 }, free, length, { zeros: box.end - box.body }];
  });
  const found = (exif ?? NO_EXIF).data;
  return { kind: "heif", ...inside.size, data: { ...found, other: found.other || other }, parts };
}

interface Telling {
  readonly type: string;
  readonly inMeta: boolean;
  readonly extents: readonly Extent[];
}

/** Reads the table of contents, and blanks what tells something in it. */
function takeApart(fields: Fields, meta: Box) {
  const children = boxesIn(fields, meta.body + 4, meta.end);
  const only = (type: string) => {
    const [box, ...more] = children.filter((each) => each.type === type);
    if (more.length > 0) throw new PictureError("malformed", "a table twice");
    return box;
  };
  const [info, location, properties, data, elsewhere] = ["iinf", "iloc", "iprp", "idat", "dinf"].map(only);
  if (info === undefined || location === undefined || properties === undefined)
    throw new PictureError("malformed", "a table of contents without its tables");
  let other = false;
  const says = ({ from, to }: Extent, words: string) =>
    to - from === words.length && fields.text(from, words.length) === words;
  const clear = (box: Box) => {
    fields.bytes.set(new TextEncoder().encode("free"), box.at + 4);
    fields.bytes.fill(0, box.body, box.end);
  };
  for (const box of children) {
    if (IN_META.has(box.type)) continue;
    if (box.type !== "uuid" && !EMPTY.has(box.type))
      throw new PictureError("unsupported", "a table that we do not know");
    other ||= !EMPTY.has(box.type);
    clear(box);
  }
  // The names of what handles it, and of the items, may say anything.
  const handler = only("hdlr");
  if (handler === undefined || fields.text(handler.body + 8, 4) !== "pict")
    throw new PictureError("unsupported", "a table of contents of no picture");
  fields.bytes.fill(0, handler.body + HANDLER_BYTES, handler.end);
  if (elsewhere !== undefined && !says({ from: elsewhere.body, to: elsewhere.end }, IN_THIS_FILE))
    throw new PictureError("unsupported", "data in another file");
  const items = readItems(fields, info);
  const { places, end } = readPlaces(fields, location);
  fields.bytes.fill(0, end, location.end);
  const known = new Set(items.map(({ id }) => id));
  if (known.size !== items.length || [...places.keys()].some((id) => !known.has(id)))
    throw new PictureError("malformed", "items that are not listed once");
  for (const { type, name, rest } of items) {
    if (!PICTURES.has(type) && !TELLING.has(type)) throw new PictureError("unsupported", "an item that we do not know");
    fields.bytes.fill(0x20, name.from, name.to);
    if (!says(rest, XMP)) fields.bytes.fill(0, rest.from, rest.to);
  }
  const size = { width: 0, height: 0 };
  const tables = boxesIn(fields, properties.body, properties.end);
  if (tables.some(({ type }) => type !== "ipco" && type !== "ipma"))
    throw new PictureError("unsupported", "a table of properties that we do not know");
  for (const box of tables.filter(({ type }) => type === "ipco"))
    for (const property of boxesIn(fields, box.body, box.end)) {
      if (TELLING_PROPERTIES.has(property.type) || EMPTY.has(property.type)) {
        other ||= TELLING_PROPERTIES.has(property.type);
        clear(property);
      } else if (!PROPERTIES.has(property.type))
        throw new PictureError("unsupported", "a property that we do not know");
      if (property.type !== "ispe") continue;
      size.width = Math.max(size.width, fields.uint32(property.body + 4));
      size.height = Math.max(size.height, fields.uint32(property.body + 8));
    }
  const placed = items.flatMap(({ id, type }) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ type, ...place }];
  });
  return {
    kept: placed.filter(({ type }) => PICTURES.has(type)),
    telling: placed.filter(({ type }) => TELLING.has(type)),
    idat: data?.body ?? 0,
    idatBytes: data === undefined ? 0 : data.end - data.body,
    size,
    other,
  };
}
