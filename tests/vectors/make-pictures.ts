/**
 * Makes pictures/ anew: small pictures with all that a telephone or a program writes. Needs cjpeg, cwebp, img2webp,
 * heif-enc and exiftool (libjpeg-turbo-progs, webp, libheif-examples, libimage-exiftool-perl).
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { crc32 } from "../../src/pictures/crc32.js";

const OUT = fileURLToPath(new URL("pictures/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "postern-pictures-"));
const WIDTH = 96;
const HEIGHT = 64;
const CANARY = "canary7f3a";

const at = (name: string) => join(folder, name);
const out = (name: string) => join(OUT, name);
const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ["ignore", "pipe", "inherit"] });

const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
for (let y = 0; y < HEIGHT; y += 1) {
  for (let x = 0; x < WIDTH; x += 1) {
    const dark = (x >> 4) % 2 === (y >> 4) % 2 ? 40 : 0;
    pixels.set([Math.round((x * 255) / WIDTH) - dark, Math.round((y * 255) / HEIGHT), 200 - dark].map((v) => Math.max(0, v)), (y * WIDTH + x) * 3);
  }
}
writeFileSync(at("plain.ppm"), Buffer.concat([Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`), pixels]));
writeFileSync(at("odd.icc"), profile());
writeFileSync(at("plain.png"), png(pixels));
writeFileSync(at("second.png"), png(pixels.map((value) => 255 - value)));

const phone = [
  ...["-GPSLatitude=55.7512", "-GPSLatitudeRef=N", "-GPSLongitude=37.6184", "-GPSLongitudeRef=E", "-GPSAltitude=150"],
  ...["-Make=samsung", "-Model=SM-A515F", `-Software=${CANARY} 1.0`, "-DateTimeOriginal=2024:05:03 14:12:11"],
  ...["-Orientation#=6", `-UserComment=${CANARY}`, `-LensModel=${CANARY}`],
];
const edited = [`-XMP-dc:Description=${CANARY}`, `-XMP-xmp:CreatorTool=${CANARY}`];
const tell = (name: string, ...tags: string[]) => run("exiftool", "-q", "-overwrite_original", ...tags, out(name));

run("cjpeg", "-quality", "85", "-outfile", out("plain.jpg"), at("plain.ppm"));
copyFileSync(out("plain.jpg"), out("phone.jpg"));
tell("phone.jpg", ...phone, ...edited, `-IPTC:Caption-Abstract=${CANARY}`, `-Comment=${CANARY}`, `-ThumbnailImage<=${out("plain.jpg")}`, `-ICC_Profile<=${at("odd.icc")}`);
// What Samsung and others put behind the picture: a film of the moment.
appendFileSync(out("phone.jpg"), `${CANARY} ftypmp42`);
run("cjpeg", "-quality", "85", "-progressive", "-restart", "2", "-outfile", out("progressive.jpg"), at("plain.ppm"));
tell("progressive.jpg", ...phone, ...edited);

copyFileSync(at("plain.png"), out("plain.png"));
copyFileSync(at("plain.png"), out("screenshot.png"));
tell("screenshot.png", ...phone, ...edited, `-PNG:Author=${CANARY}`, "-PNG:ModifyDate=2024:05:03 14:12:11", `-ICC_Profile<=${at("odd.icc")}`);
// What an editor leaves that writes a cropped picture over a longer file.
appendFileSync(out("screenshot.png"), Buffer.concat([Buffer.from(CANARY), readFileSync(at("plain.png"))]));

run("cwebp", "-quiet", "-q", "80", at("plain.png"), "-o", out("plain.webp"));
run("cwebp", "-quiet", "-lossless", at("plain.png"), "-o", out("lossless.webp"));
run("cwebp", "-quiet", "-q", "80", "-metadata", "all", out("screenshot.png"), "-o", out("phone.webp"));
tell("phone.webp", ...phone, ...edited);
run("img2webp", "-loop", "0", "-lossy", "-d", "100", at("plain.png"), "-d", "100", at("second.png"), "-o", out("animated.webp"));
tell("animated.webp", ...phone);

run("heif-enc", "-q", "60", "-t", "48", at("plain.png"), "-o", out("phone.heic"));
tell("phone.heic", ...phone, ...edited);
run("heif-enc", "-q", "60", at("plain.png"), "-o", out("plain.heic"));
run("heif-enc", "-q", "60", "-A", at("plain.png"), "-o", out("phone.avif"));
tell("phone.avif", ...phone, ...edited);

function png(pixels: Uint8Array): Buffer {
  const rows = Array.from({ length: HEIGHT }, (_none, y) => Buffer.concat([Buffer.from([0]), pixels.subarray(y * WIDTH * 3, (y + 1) * WIDTH * 3)]));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    ["IHDR", head],
    ["IDAT", deflateSync(Buffer.concat(rows))],
    ["IEND", Buffer.alloc(0)],
  ] as const;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...chunks.map(([type, data]) => {
      const body = Buffer.concat([Buffer.from(type), data]);
      const chunk = Buffer.alloc(12 + data.length);
      chunk.writeUInt32BE(data.length, 0);
      chunk.set(body, 4);
      chunk.writeUInt32BE(crc32(body), 8 + data.length);
      return chunk;
    }),
  ]);
}

/** A colour profile (ICC.1:2001-04) with red and blue exchanged, so that a picture without it looks different. */
function profile(): Buffer {
  const fixed = (value: number) => Math.round(value * 65536);
  const tag = (type: string, ...numbers: readonly number[]) => {
    const data = Buffer.alloc(8 + 4 * numbers.length);
    data.write(type);
    numbers.forEach((number, index) => data.writeInt32BE(number, 8 + 4 * index));
    return data;
  };
  const words = Buffer.concat([tag("desc", 5), Buffer.from("test\0"), Buffer.alloc(79)]);
  const curve = Buffer.concat([tag("curv", 1), Buffer.from([2, 0x33, 0, 0])]);
  const blue = [0.1431, 0.0606, 0.7141].map(fixed);
  const green = [0.3851, 0.7169, 0.0971].map(fixed);
  const red = [0.4361, 0.2225, 0.0139].map(fixed);
  const tags: [string, Buffer][] = [
    ["desc", words],
    ["cprt", Buffer.concat([tag("text"), Buffer.from("none\0\0\0\0")])],
    ["wtpt", tag("XYZ ", ...[0.9642, 1, 0.8249].map(fixed))],
    ["rXYZ", tag("XYZ ", ...blue)],
    ["gXYZ", tag("XYZ ", ...green)],
    ["bXYZ", tag("XYZ ", ...red)],
    ...["rTRC", "gTRC", "bTRC"].map((name): [string, Buffer] => [name, curve]),
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  let place = 128 + table.length;
  tags.forEach(([name, { length }], index) => {
    table.write(name, 4 + 12 * index);
    table.writeUInt32BE(place, 8 + 12 * index);
    table.writeUInt32BE(length, 12 + 12 * index);
    place += length;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(place, 0);
  head.writeUInt32BE(0x02400000, 8);
  head.write("mntrRGB XYZ ", 12);
  head.set([7, 0xd0, 0, 1, 0, 1], 24);
  head.write("acsp", 36);
  [0.9642, 1, 0.8249].forEach((value, index) => head.writeInt32BE(fixed(value), 68 + 4 * index));
  return Buffer.concat([head, table, ...tags.map(([, data]) => data)]);
}
