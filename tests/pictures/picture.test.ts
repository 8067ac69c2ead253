import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  isSilent,
  PictureError,
  readHeif,
  readJpeg,
  readPictureWith,
  readPng,
  readWebp,
} from "../../src/pictures/index.js";
import { concat } from "../support/bytes.js";
import { mutated } from "../support/mutations.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const SILENT = { place: null, camera: null, taken: null, software: null, other: false };
/** An orientation in place of nothing, and the length of a header. */
const MAX_GROWTH = 50;
const VECTORS = PICTURES.pictures;
const ALL = VECTORS.map(({ file }) => pictureVector(file));

const READERS = { jpeg: readJpeg, png: readPng, webp: readWebp, heif: readHeif };
const read = (bytes: Uint8Array<ArrayBuffer>) => readPictureWith(READERS, new Blob([bytes]));
const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

async function copyOf(bytes: Uint8Array<ArrayBuffer>): Promise<Buffer<ArrayBuffer>> {
  const picture = await read(bytes);
  if (picture === null) throw new Error("this is no picture");
  return bytesOf(picture.copy());
}

async function codeOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  return read(bytes).then(
    (picture) => (picture === null ? null : "read"),
    (cause: unknown) => (cause instanceof PictureError ? cause.code : String(cause)),
  );
}

describe("a picture", () => {
  it.each(VECTORS)("tells what was written into it: $file", async ({ file, kind, tells }) => {
    const picture = await read(pictureVector(file));
    expect(picture).toMatchObject({
      kind,
      width: PICTURES.width,
      height: PICTURES.height,
      data: tells ? PICTURES.tells : SILENT,
    });
    expect(picture !== null && isSilent(picture.data)).toBe(!tells);
  });

  it.each(VECTORS)("tells nothing as a copy, which is copied to the same bytes: $file", async ({ file, tells }) => {
    const original = pictureVector(file);
    expect(original.includes(PICTURES.canary)).toBe(tells);
    const copy = await copyOf(original);
    for (const needle of [PICTURES.canary, "samsung", "SM-A515F", "2024:05:03"])
      expect(copy.includes(needle)).toBe(false);
    expect((await read(copy))?.data).toEqual(SILENT);
    expect((await copyOf(copy)).equals(copy)).toBe(true);
    if (!tells) expect(copy.length).toBe(original.length);
  });

  it.each(VECTORS.filter(({ kind, tells }) => kind !== "heif" && !tells))(
    "is left as it is when it tells nothing: $file",
    async ({ file }) => {
      expect((await copyOf(pictureVector(file))).equals(pictureVector(file))).toBe(true);
    },
  );

  it.each(["letter.txt", "%PDF-1.7 and more", "", "\xff\xd8", "RIFF....WAVE"])(
    "is not what only looks like one: %s",
    async (text) => {
      expect(await read(new TextEncoder().encode(text))).toBeNull();
    },
  );

  it("does not lose its data: the coded picture is the same, byte for byte", async () => {
    const scan = (jpeg: Buffer) =>
      jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])), jpeg.lastIndexOf(Buffer.from([0xff, 0xd9])));
    for (const file of ["phone.jpg", "progressive.jpg"]) {
      const original = pictureVector(file);
      // The preview in Exif is a picture as well.
      const whole =
        file === "phone.jpg" ? original.subarray(original.indexOf(Buffer.from([0xff, 0xc0]), 3_000)) : original;
      const copy = await copyOf(original);
      expect(scan(whole).equals(scan(copy.subarray(copy.indexOf(Buffer.from([0xff, 0xdb])))))).toBe(true);
    }
    const pixels = (png: Buffer) => {
      const at = png.indexOf("IDAT");
      return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    };
    expect(pixels(await copyOf(pictureVector("screenshot.png"))).equals(pixels(pictureVector("screenshot.png")))).toBe(
      true,
    );
  });
});

describe("what is not taken apart is refused", () => {
  const jpeg = pictureVector("plain.jpg");
  const png = pictureVector("plain.png");
  const webp = pictureVector("phone.webp");
  const heic = pictureVector("phone.heic");
  const patched = (bytes: Buffer, needle: string, replacement: string) => {
    const copy = Buffer.from(bytes);
    copy.write(replacement, copy.indexOf(needle, 0, "latin1"), "latin1");
    return copy;
  };
  const exif = (() => {
    const phone = pictureVector("progressive.jpg");
    const at = phone.indexOf("Exif\0\0") - 4;
    return phone.subarray(at, at + 2 + phone.readUInt16BE(at + 2));
  })();
  const inserted = (bytes: Uint8Array, at: number, more: readonly number[] | Uint8Array) =>
    concat(bytes.subarray(0, at), Uint8Array.from(more), bytes.subarray(at));

  it.each([
    ["a JPEG without an end", jpeg.subarray(0, -2), "malformed"],
    ["a JPEG without a scan", concat(jpeg.subarray(0, 20), Uint8Array.of(0xff, 0xd9)), "malformed"],
    ["a JPEG with a restart outside of a scan", inserted(jpeg, 2, [0xff, 0xd0]), "malformed"],
    ["a JPEG with a segment of no length", inserted(jpeg, 2, [0xff, 0xfe, 0, 1]), "malformed"],
    ["a JPEG with something between two segments", inserted(jpeg, 20, [0]), "malformed"],
    ["a lossless JPEG", patched(jpeg, "\xff\xc0", "\xff\xc3"), "unsupported"],
    ["a JPEG with Exif twice", inserted(inserted(jpeg, 2, exif), 2, exif), "unsupported"],
    [
      "a JPEG with Exif that is no TIFF",
      inserted(jpeg, 2, [0xff, 0xe1, 0, 12, 0x45, 0x78, 0x69, 0x66, 0, 0, 1, 2, 3, 4]),
      "malformed",
    ],
    ["a PNG without an end", png.subarray(0, -12), "malformed"],
    ["a PNG with a chunk that must be understood", patched(png, "IDAT", "ABCD"), "unsupported"],
    [
      "a PNG with its picture in two places",
      concat(png.subarray(0, -12), Buffer.from("\0\0\0\0tIME\0\0\0\0"), png.subarray(33)),
      "malformed",
    ],
    ["a PNG whose header comes twice", inserted(png, 33, png.subarray(8, 33)), "malformed"],
    ["a WebP that is shorter than it says", webp.subarray(0, -2), "malformed"],
    ["a WebP without a picture", Buffer.from("RIFF\x04\0\0\0WEBP", "latin1"), "malformed"],
    ["a HEIC with a film", concat(heic, Buffer.from("\0\0\0\x08moov", "latin1")), "unsupported"],
    ["a HEIC with a property unknown to us", patched(heic, "ispe", "abcd"), "unsupported"],
    ["a HEIC with an item unknown to us", patched(heic, "hvc1", "abcd"), "unsupported"],
    ["a HEIC that is cut", heic.subarray(0, -1), "malformed"],
  ] as const)("%s", async (_what, bytes, code) => {
    expect(await codeOf(Uint8Array.from(bytes))).toBe(code);
  });

  it.each(VECTORS)("any part of it that ends too early: $file", async ({ file }) => {
    const whole = pictureVector(file);
    // What stands behind the picture may be missing.
    const picture = await copyOf(await copyOf(whole));
    for (let length = 12; length < picture.length; length += length < 700 ? 1 : 97) {
      expect([length, await codeOf(picture.subarray(0, length))]).not.toEqual([length, "read"]);
    }
  });
});

describe("whatever a picture is made of", () => {
  it(`its copy is silent, stays so and is no longer; or it is refused ${WITH_SEED}`, async () => {
    const counts = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutated(ALL, 600), async (bytes) => {
        const made = Uint8Array.from(bytes);
        const code = await codeOf(made);
        expect(["read", "malformed", "unsupported", null]).toContain(code);
        counts[code === "read" ? "read" : "refused"] += 1;
        if (code !== "read") return;
        const copy = await copyOf(made);
        expect((await read(copy))?.data).toEqual(SILENT);
        expect((await copyOf(copy)).equals(copy)).toBe(true);
        expect(copy.length).toBeLessThanOrEqual(made.length + MAX_GROWTH);
      }),
      seeded(3_000),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(300);
  });
});

describe.runIf(requireTools("copies of pictures, by ExifTool", "exiftool"))("ExifTool", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-pictures-"));
  });
  afterAll(() => removeFolder(folder));

  it.each(VECTORS)(
    "finds nothing in a copy but how it is turned and its colours: $file",
    async ({ file, kind, tells, orientation, profile }) => {
      const path = join(folder, file);
      writeFileSync(path, await copyOf(pictureVector(file)));
      const [found] = JSON.parse(
        execFileSync("exiftool", ["-j", "-G1", "-n", "-a", "-u", path], { encoding: "utf8" }),
      ) as [Record<string, unknown>];
      const groups = new Set(Object.keys(found).map((name) => name.split(":")[0] ?? ""));
      for (const group of ["GPS", "ExifIFD", "XMP-dc", "XMP-xmp", "XMP-x", "IPTC", "IFD1", "Photoshop"])
        expect(groups).not.toContain(group);
      const said = Object.entries(found).filter(
        ([name]) => /^(?:IFD0|PNG):/.test(name) && !/Image|Bit|Color|Compression|Profile|Filter|Interlace/.test(name),
      );
      expect(said).toEqual(orientation === 1 ? [] : [["IFD0:Orientation", orientation]]);
      expect([...groups].some((group) => group.startsWith("ICC"))).toBe(profile);
      // Of XMP that is blank.
      const warnings = Object.entries(found).filter(([name]) => /Warning|Error/.test(name));
      expect(warnings.map(([, words]) => words)).toEqual(kind === "heif" && tells ? ["Invalid XMP"] : []);
    },
  );
});

describe.runIf(requireTools("HEIC and AVIF, decoded", "heif-convert"))("libheif", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "postern-pictures-"));
  });
  afterAll(() => removeFolder(folder));

  it.each(VECTORS.filter(({ kind }) => kind === "heif"))(
    "decodes a copy to the same pixels: $file",
    async ({ file }) => {
      const decoded = (name: string, bytes: Uint8Array) => {
        writeFileSync(join(folder, name), bytes);
        execFileSync("heif-convert", [join(folder, name), join(folder, `${name}.png`)], { stdio: "ignore" });
        const png = readFileSync(join(folder, `${name}.png`));
        const at = png.indexOf("IDAT");
        return inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
      };
      const original = decoded(`a-${file}`, pictureVector(file));
      expect(original.length).toBeGreaterThan(PICTURES.width * PICTURES.height * 3);
      expect(decoded(`b-${file}`, await copyOf(pictureVector(file))).equals(original)).toBe(true);
    },
  );
});
