import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PictureError, readHeif, readJpeg, readPictureWith, readPng, readWebp } from "../../src/pictures/index.js";
import { concat, utf8 } from "../support/bytes.js";
import { box, CODED, exifItem, type HeicItem, type HeicOptions, makeHeic, PLAIN_HEIC, uint } from "../support/heic.js";
import { PICTURES } from "../support/pictures.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const READERS = { jpeg: readJpeg, png: readPng, webp: readWebp, heif: readHeif };
const CANARY = utf8(PICTURES.canary);
/** Behind which zeros stand in for what was there. */
const told = (type: string, body: Uint8Array) => box(type, concat(body, CANARY));

const item = (type: string, contents: Uint8Array, more: Partial<HeicItem> = {}): HeicItem => ({
  type,
  contents,
  method: 0,
  pieces: 1,
  ...more,
});
const EXIF = item("Exif", exifItem());
const XMP = item("mime", utf8(`<x:xmpmeta>${PICTURES.canary}</x:xmpmeta>`), { kinds: ["application/rdf+xml"] });

/** The copy, or why there is none. */
async function copied(bytes: Uint8Array<ArrayBuffer>): Promise<Buffer<ArrayBuffer> | string> {
  try {
    const picture = await readPictureWith(READERS, new Blob([bytes]));
    return picture === null ? "no picture" : Buffer.from(await picture.copy().arrayBuffer());
  } catch (cause) {
    if (cause instanceof PictureError) return cause.code;
    throw cause;
  }
}

/** Holds that nothing is told, that the coded pictures are the same bytes, and that nothing moved. */
async function expectSilent(original: Buffer<ArrayBuffer>, copy: Buffer<ArrayBuffer>): Promise<void> {
  for (const needle of [PICTURES.canary, "samsung", "SM-A515F", "2024:05:03"]) {
    expect([needle, copy.includes(needle)]).toEqual([needle, false]);
  }
  expect(copy.length).toBe(original.length);
  for (let at = original.indexOf(CODED); at !== -1; at = original.indexOf(CODED, at + 1)) {
    expect(copy.subarray(at, at + CODED.length).equals(CODED)).toBe(true);
  }
  const again = await readPictureWith(READERS, new Blob([copy]));
  expect(again?.data).toEqual({ place: null, camera: null, taken: null, software: null, other: false });
}

const heic = (options: Partial<HeicOptions>) => makeHeic({ ...PLAIN_HEIC, ...options });

/** What programs write that are no telephone of ours, and whether a copy is made. */
const AWKWARD: readonly (readonly [string, Buffer<ArrayBuffer>, "copied" | "unsupported" | "malformed"])[] = [
  ["Exif and XMP", heic({ items: [EXIF, XMP] }), "copied"],
  ["Exif in three pieces", heic({ items: [{ ...EXIF, pieces: 3 }, XMP] }), "copied"],
  ["Exif in the table itself", heic({ items: [{ ...EXIF, method: 1 }] }), "copied"],
  [
    "Exif and XMP in the table itself, in pieces",
    heic({
      items: [
        { ...EXIF, method: 1, pieces: 2 },
        { ...XMP, method: 1 },
      ],
    }),
    "copied",
  ],
  ["Exif in another item", heic({ items: [{ ...EXIF, method: 2 }] }), "unsupported"],
  ["Exif twice", heic({ items: [EXIF, EXIF] }), "unsupported"],
  ["Exif twice, in two places", heic({ items: [EXIF, { ...EXIF, method: 1 }] }), "unsupported"],
  ["Exif that is empty", heic({ items: [item("Exif", new Uint8Array(20))] }), "copied"],
  ["Exif that is none", heic({ items: [item("Exif", concat(uint(0, 4), CANARY))] }), "malformed"],
  ["a grid of two pictures", heic({ grid: true, items: [EXIF] }), "copied"],
  ["the first kind of table of places", heic({ locationVersion: 0, items: [EXIF, XMP] }), "copied"],
  ["the newest kind of table of places", heic({ locationVersion: 2, items: [EXIF, XMP] }), "copied"],
  ["places of 64 bits", heic({ offsetBytes: 8, baseBytes: 8, items: [EXIF, XMP] }), "copied"],
  ["boxes of 64 bits", heic({ large: ["ftyp", "meta", "mdat"], items: [EXIF] }), "copied"],
  ["another kind first", heic({ brands: ["miaf", "mif1", "heic"], items: [EXIF] }), "copied"],
  ["another kind only", heic({ brands: ["hevc", "msf1"], items: [EXIF] }), "unsupported"],
  ["an unknown box behind", heic({ items: [EXIF], behind: [told("sefd", uint(0, 4))] }), "copied"],
  ["an unknown box of 64 bits behind", heic({ items: [EXIF], behind: [box("mpvd", CANARY, true)] }), "copied"],
  ["a film behind", heic({ items: [EXIF], behind: [told("moov", uint(0, 4))] }), "unsupported"],
  ["words behind", Buffer.from(concat(heic({ items: [EXIF] }), CANARY)), "malformed"],
  ["an unknown box in the table", heic({ inMeta: [told("abcd", uint(0, 4))] }), "unsupported"],
  ["a box of a program in the table", heic({ inMeta: [told("uuid", uint(0, 8))] }), "copied"],
  ["free room in the table", heic({ inMeta: [told("free", uint(0, 4))] }), "copied"],
  ["a description among the properties", heic({ properties: [told("udes", uint(0, 4))] }), "copied"],
  ["free room among the properties", heic({ properties: [told("free", uint(0, 4))] }), "copied"],
  ["an unknown property", heic({ properties: [told("abcd", uint(0, 4))] }), "unsupported"],
  ["data in another file", heic({ inMeta: [box("dinf", told("dref", uint(0, 4)))] }), "unsupported"],
  ["words in the name of what handles it", heic({ handler: PICTURES.canary }), "copied"],
  ["words in the names of items", heic({ items: [{ ...EXIF, name: PICTURES.canary }] }), "copied"],
  ["words in the kinds of items", heic({ items: [{ ...XMP, kinds: [PICTURES.canary, PICTURES.canary] }] }), "copied"],
  [
    "a preview of JPEG, with Exif of its own",
    heic({ items: [item("jpeg", concat(exifItem(), CANARY))] }),
    "unsupported",
  ],
];

describe("an awkward HEIC picture", () => {
  it.each(AWKWARD)("has a copy that tells nothing, or is refused: %s", async (_what, original, outcome) => {
    const copy = await copied(original);
    if (typeof copy === "string") return expect(copy).toBe(outcome);
    expect(outcome).toBe("copied");
    await expectSilent(original, copy);
  });

  it("is refused wherever it ends too early", async () => {
    const whole = heic({ grid: true, items: [EXIF, { ...XMP, method: 1 }] });
    for (let length = 12; length < whole.length; length += length < 900 ? 1 : 61) {
      expect([length, typeof (await copied(whole.subarray(0, length)))]).toEqual([length, "string"]);
    }
  });

  const telling = fc.record({
    which: fc.constantFrom(EXIF, XMP, item("uri ", CANARY, { kinds: [PICTURES.canary] })),
    method: fc.constantFrom(0 as const, 1 as const, 2 as const),
    pieces: fc.integer({ min: 1, max: 4 }),
  });
  const some = (...types: readonly string[]) =>
    fc.array(
      fc.constantFrom(...types).map((type) => told(type, uint(0, 4))),
      { maxLength: 2 },
    );
  const options = fc.record({
    brands: fc.constantFrom(["heic"], ["mif1", "heic"], ["heix", "mif1"], ["avif", "mif1"], ["zzzz", "mif1"]),
    large: fc.subarray(["ftyp", "meta", "mdat"]),
    locationVersion: fc.constantFrom(0 as const, 1 as const, 2 as const),
    offsetBytes: fc.constantFrom(4 as const, 8 as const),
    baseBytes: fc.constantFrom(0 as const, 4 as const, 8 as const),
    grid: fc.boolean(),
    items: fc
      .array(telling, { maxLength: 3 })
      .map((all) => all.map(({ which, method, pieces }) => ({ ...which, method, pieces, name: PICTURES.canary }))),
    properties: some("udes", "free", "crtt"),
    inMeta: some("free", "skip", "uuid"),
    behind: some("sefd", "free", "mpvd", "uuid"),
    handler: fc.constantFrom("", PICTURES.canary),
  });

  it(`of any make has a copy that tells nothing, or is refused ${WITH_SEED}`, async () => {
    const counts = { copied: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(options, async (made) => {
        const original = makeHeic(made);
        const copy = await copied(original);
        counts[typeof copy === "string" ? "refused" : "copied"] += 1;
        if (typeof copy === "string") expect(["malformed", "unsupported"]).toContain(copy);
        else await expectSilent(original, copy);
      }),
      seeded(500),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50);
  });
});

describe("a picture of a kind that is not taken apart", () => {
  it.each([
    ["TIFF", "II*\0\x08\0\0\0\0\0\0\0"],
    ["TIFF of another byte order", "MM\0*\0\0\0\x08\0\0\0\0"],
    ["a raw picture of a camera", "\0\0\0\x18ftypcrx \0\0\0\x01crx isom"],
    ["a series of pictures", "\0\0\0\x18ftyphevc\0\0\0\0mp41msf1"],
    ["JPEG XL", "\0\0\0\x0cJXL \r\n\x87\n"],
    ["JPEG 2000", "\0\0\0\x0cjP  \r\n\x87\n"],
    ["GIF", "GIF89a\x01\0\x01\0\0\0"],
  ])("is said to be one: %s", async (_kind, head) => {
    expect(await copied(Uint8Array.from(Buffer.from(head, "latin1")))).toBe("unsupported");
  });

  it.each(["isom", "mp42", "qt  ", "3gp4", "M4V "])("is not one that is a film: %s", async (brand) => {
    const film = `\0\0\0\x14ftyp${brand}\0\0\0\0isom`;
    expect(await copied(Uint8Array.from(Buffer.from(film, "latin1")))).toBe("no picture");
  });
});

describe.runIf(requireTools("awkward HEIC, decoded", "heif-convert", "exiftool"))("libheif and ExifTool", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-heic-"));
  });
  afterAll(() => removeFolder(folder));

  // ExifTool does not look into the table itself.
  const DECODED = ["Exif and XMP", "Exif in three pieces", "a grid of two pictures", "places of 64 bits"];

  it.each(AWKWARD.filter(([what]) => DECODED.includes(what)))(
    "see a picture with a place, and in the copy the same picture without: %s",
    async (_what, original) => {
      const copy = await copied(original);
      if (typeof copy === "string") throw new Error(copy);
      const [before, after] = [original, copy].map((bytes, index) => {
        const path = join(folder, `${index}.heic`);
        writeFileSync(path, bytes);
        execFileSync("heif-convert", [path, `${path}.png`], { stdio: "ignore" });
        const place = execFileSync("exiftool", ["-s3", "-GPSLatitude", path], { encoding: "utf8" }).trim();
        const png = readFileSync(`${path}.png`);
        const at = png.indexOf("IDAT");
        return { place, pixels: inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))) };
      });
      expect(before?.place).toContain("55");
      expect(after?.place).toBe("");
      expect(before?.pixels.length).toBeGreaterThan(PICTURES.width * PICTURES.height * 3);
      expect(after?.pixels.equals(before?.pixels ?? Buffer.alloc(0))).toBe(true);
    },
  );
});
