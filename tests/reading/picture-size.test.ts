import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pictureSize } from "../../src/reading/picture-size.js";
import { hostilePictures } from "../support/hostile-documents.js";
import { Random, WITH_SEED } from "../support/seed.js";

const vector = (name: string) => new Uint8Array(readFileSync(new URL(`../vectors/pictures/${name}`, import.meta.url)));

describe(`the size that a picture says it has ${WITH_SEED}`, () => {
  it.each(["plain.png", "plain.jpg", "progressive.jpg", "phone.jpg", "plain.webp", "lossless.webp", "phone.webp"])(
    "is read from the first bytes of %s",
    (name) => {
      expect(pictureSize(vector(name))).toEqual({ width: 96, height: 64 });
    },
  );

  it("is read from a GIF", () => {
    expect(pictureSize(new Uint8Array(Buffer.from("GIF89a\x02\x01\x03\x00", "latin1")))).toEqual({
      width: 258,
      height: 3,
    });
  });

  it("is that of the picture, however small its file", () => {
    const sizes = hostilePictures().map(({ contents }) => pictureSize(new Uint8Array(contents)));
    expect(sizes.slice(0, 3)).toEqual([
      { width: 60_000, height: 60_000 },
      { width: 65_500, height: 65_500 },
      { width: 65_535, height: 65_535 },
    ]);
  });

  it("is the largest frame's of a JPEG that has several", () => {
    const frame = (side: number) => [0xff, 0xc0, 0, 8, 8, side >> 8, side & 255, side >> 8, side & 255, 0];
    const made = new Uint8Array([0xff, 0xd8, ...frame(9_000), ...frame(5), 0xff, 0xda, 0, 0]);
    expect(pictureSize(made)).toEqual({ width: 9_000, height: 9_000 });
  });

  it("is none where there is none, wherever the file ends or whatever is in it", () => {
    expect(pictureSize(new Uint8Array())).toBeNull();
    const random = new Random("sizes of pictures");
    for (const name of ["plain.png", "plain.jpg", "plain.webp", "phone.webp", "lossless.webp"]) {
      const whole = vector(name);
      for (let end = 0; end < Math.min(200, whole.length); end += 1) {
        const size = pictureSize(whole.slice(0, end));
        expect(size === null || (size.width > 0 && size.height > 0)).toBe(true);
      }
      const changed = whole.slice();
      for (let at = 12; at < 60; at += 1) changed[at] = random.integer(0, 255);
      expect(() => pictureSize(changed)).not.toThrow();
    }
  });
});
