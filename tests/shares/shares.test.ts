import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  JoinError,
  joinShares,
  MAX_SHARES,
  newSecret,
  readSecretLine,
  readShare,
  SHARE_WORDS,
  type Share,
  ShareError,
  secretLine,
  splitSecret,
  writeShare,
} from "../../src/shares/index.js";
import { failureOf } from "../support/bytes.js";
import { Random, seeded, WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const secrets = fc.uint8Array({ minLength: 16, maxLength: 16 });
const counts = fc
  .integer({ min: 2, max: 7 })
  .chain((shares) => fc.tuple(fc.constant(shares), fc.integer({ min: 2, max: shares })));
const scriptOf = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

const random = new Random("shares");
const vary = (word: string) =>
  [word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`, word.slice(0, 4), word][random.integer(0, 3)] ?? "";
/** A share as people type it: numbered, in any case, shortened to four letters, over several lines. */
const typed = (share: Share) =>
  writeShare(share)
    .map((word, index) => `${index + 1}. ${vary(word)}${[" ", ", ", "\n", "\t"][random.integer(0, 3)]}`)
    .join("");
const faultIn = (text: string) => {
  try {
    readShare(text);
  } catch (cause) {
    if (cause instanceof ShareError) return { code: cause.code, word: cause.word };
    throw cause;
  }
  return null;
};
const made = await splitSecret(newSecret(), 5, 3);
const words = writeShare(made[0] as Share);
const others = (word: string, by: number) => words.find((each, index) => index >= by && each !== word) ?? "";

describe(`a split secret ${WITH_SEED}`, () => {
  it("comes back from any shares that are enough, in any order and spelling", async () => {
    await fc.assert(
      fc.asyncProperty(secrets, counts, fc.infiniteStream(fc.nat()), async (secret, [shares, need], picks) => {
        const left = (await splitSecret(secret, shares, need)).map(typed);
        const chosen = Array.from(
          { length: need },
          () => left.splice((picks.next().value ?? 0) % left.length, 1)[0] ?? "",
        );
        expect(await joinShares(chosen.map(readShare))).toEqual(secret);
      }),
      seeded(60),
    );
  });

  it("comes back from all shares, too", async () => {
    const secret = newSecret();
    expect(await joinShares(await splitSecret(secret, MAX_SHARES, MAX_SHARES))).toEqual(secret);
    expect(await joinShares(await splitSecret(secret, MAX_SHARES, 2))).toEqual(secret);
  });

  it.each([
    [5, 1],
    [1, 1],
    [5, 6],
    [MAX_SHARES + 1, 3],
    [2.5, 2],
  ])("is not made into %s shares of which %s are needed", async (shares, need) => {
    expect(await failureOf(() => splitSecret(newSecret(), shares, need))).toMatchObject({ code: "bad_count" });
  });

  it.each([0, 15, 17])("has 16 bytes, not %i", async (length) => {
    expect(await failureOf(() => splitSecret(new Uint8Array(length), 3, 2))).toMatchObject({ code: "bad_secret" });
  });

  it("is the passphrase that people type: eight groups of four hex digits", () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(secretLine(secret)).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/);
        expect(readSecretLine(`${secretLine(secret)}\n`)).toEqual(secret);
      }),
      seeded(50),
    );
    expect(readSecretLine("correct horse")).toBeNull();
  });
});

describe("shares that are too few", () => {
  /**
   * Whatever the secret, the bytes of `need - 1` shares have to look the same: uniform. Chi-squared over 256 values has
   * 255 degrees of freedom, a mean of 255 and a deviation of 22.6: over 400 comes by chance once in 10^8 runs.
   */
  const chiSquared = (found: Uint32Array) => {
    const expected = found.reduce((sum, count) => sum + count, 0) / found.length;
    return found.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  const ROUNDS = 1_500;

  it.each([0x00, 0xff, 0x53])("say nothing about a secret of bytes %i", async (value) => {
    const [single, both] = [new Uint32Array(256), new Uint32Array(256)];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [first, second] = await splitSecret(new Uint8Array(16).fill(value), 3, 3);
      for (let index = 0; index < 16; index += 1) {
        const [left, right] = [first?.data[index] ?? 0, second?.data[index] ?? 0];
        single[left] = (single[left] ?? 0) + 1;
        both[left ^ right] = (both[left ^ right] ?? 0) + 1;
      }
    }
    expect(chiSquared(single)).toBeLessThan(400);
    expect(chiSquared(both)).toBeLessThan(400);
  });

  it("fit every secret: for each there is a share that would complete them", async () => {
    const secret = newSecret();
    const [one, two, three] = (await splitSecret(secret, 3, 3)) as [Share, Share, Share];
    const seen = new Set<number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const { combine } = await import("shamir-secret-sharing");
      const parts = [one, two].map(({ data, x }) => Uint8Array.of(data[0] ?? 0, x));
      seen.add((await combine([...parts, Uint8Array.of(byte, three.x)]))[0] ?? 0);
    }
    expect(seen.size).toBe(256);
  });

  it("are counted", async () => {
    expect(await failureOf(() => joinShares(made.slice(0, 2)))).toMatchObject({ code: "too_few" });
    expect(await failureOf(() => joinShares([]))).toMatchObject({ code: "too_few" });
  });
});

describe("a mistyped share", () => {
  it("names a word that is not in the list, and what it may be", () => {
    const text = words.with(6, "xcademic").join(" ");
    expect(faultIn(text)).toEqual({ code: "unknown_word", word: 7 });
    expect(() => readShare(text)).toThrow("word 7 is not in the list; did you mean academic?");
  });

  it.each([...words.keys()])("names the word in place %i if another of the list stands there", (place) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 22 }), (from) => {
        const other = others(words[place] ?? "", from);
        if (other !== "")
          expect(faultIn(words.with(place, other).join(" "))).toEqual({ code: "wrong_word", word: place + 1 });
      }),
      seeded(5),
    );
  });

  it.each(Array.from({ length: SHARE_WORDS - 1 }, (_, index) => index))(
    "names neighbours that are swapped, from place %i",
    (place) => {
      const [left = "", right = ""] = words.slice(place, place + 2);
      if (left === right) return;
      const text = words
        .with(place, right)
        .with(place + 1, left)
        .join(" ");
      expect(faultIn(text)).toEqual({ code: "swapped_words", word: place + 1 });
    },
  );

  it("says if more than one word is wrong", () => {
    const [first, last] = [words[0] ?? "", words[22] ?? ""];
    expect(faultIn(words.with(0, others(first, 1)).with(22, others(last, 1)).join(" "))).toEqual({
      code: "wrong_words",
      word: null,
    });
  });

  it.each([
    [22, "missing_words"],
    [24, "extra_words"],
    [0, "missing_words"],
  ])("with %i words is told apart", (length, code) => {
    expect(faultIn([...words, "academic"].slice(0, length).join(" "))).toEqual({ code, word: null });
  });
});

describe("shares that do not belong together", () => {
  it("of another split are named", async () => {
    const other = await splitSecret(newSecret(), 3, 3);
    const failure = await failureOf(() => joinShares([...made.slice(0, 2), ...other.slice(0, 1)]));
    expect(failure).toBeInstanceOf(JoinError);
    expect(failure).toMatchObject({ code: "other_set", shares: [3] });
  });

  it("given twice are named", async () => {
    const twice = [...made.slice(0, 2), ...made.slice(1, 2)];
    expect(await failureOf(() => joinShares(twice))).toMatchObject({ code: "twice", shares: [3] });
  });

  it.each([0, 1, 2, 3, 4])("made up are named where there are enough others: share %i", async (place) => {
    const lie = made.map((share, index) =>
      index === place ? { ...share, data: share.data.map((byte) => byte ^ 1) } : share,
    );
    expect(await failureOf(() => joinShares(lie))).toMatchObject({ code: "false_share", shares: [place + 1] });
    const three = [lie[place], ...lie.filter((_, index) => index !== place).slice(0, 2)] as Share[];
    expect(await failureOf(() => joinShares(three))).toMatchObject({ code: "false_share", shares: [] });
  });
});

describe("joining without Postern", () => {
  const python = (input: string) =>
    execFileSync("python3", [scriptOf("join-shares.py")], {
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });

  it.runIf(requireTools("join-shares.py", "python3"))("works by the page of Python in docs/", async () => {
    for (const [shares, need] of [
      [2, 2],
      [5, 3],
      [32, 12],
    ] as const) {
      const secret = newSecret();
      const lines = (await splitSecret(secret, shares, need)).reverse().map((share) => writeShare(share).join(" "));
      expect(python(lines.slice(0, need).join("\n")).trim()).toBe(secretLine(secret));
    }
    const text = words.with(6, "xcademic").join(" ");
    expect(() => python(text)).toThrow();
  });

  it("has the words of the list that we write", async () => {
    const page = await readFile(scriptOf("join-shares.py"), "utf8");
    const { WORDS } = await import("../../src/shares/word-list.js");
    expect(/WORDS = """([^"]*)"""/.exec(page)?.[1]?.trim().split(/\s+/)).toEqual(WORDS);
  });

  /** The fields of AES and of libgfshare (x^8 + x^4 + x^3 + x^2 + 1) are one but for the names of their elements. */
  it.runIf(requireTools("gfcombine", "gfcombine"))(
    "agrees with Debian's gfcombine, in the names of its field",
    async () => {
      const multiply = (left: number, right: number, modulus: number) => {
        let product = 0;
        for (let bit = 7; bit >= 0; bit -= 1) {
          product = (product << 1) ^ ((product & 0x80) === 0 ? 0 : modulus);
          if (((right >> bit) & 1) === 1) product ^= left;
        }
        return product & 0xff;
      };
      // Where x goes, a root of AES's polynomial in the other field, everything else follows.
      const power = (base: number, exponent: number) =>
        Array.from({ length: exponent }).reduce<number>((product) => multiply(product, base, 0x11d), 1);
      const root = Array.from({ length: 256 }, (_, each) => each).find(
        (each) => each > 1 && (power(each, 8) ^ power(each, 4) ^ power(each, 3) ^ each ^ 1) === 0,
      ) as number;
      const renamed = (byte: number) =>
        [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum ^ (((byte >> bit) & 1) === 1 ? power(root, bit) : 0), 0);
      const secret = newSecret();
      const folder = await mkdtemp(join(tmpdir(), "postern-gf-"));
      try {
        const files = (await splitSecret(secret, 5, 3)).slice(1, 4).map(({ x, data }) => ({
          path: join(folder, `share.${String(renamed(x)).padStart(3, "0")}`),
          bytes: data.map(renamed),
        }));
        for (const { path, bytes } of files) await writeFile(path, bytes);
        execFileSync("gfcombine", ["-o", join(folder, "joined"), ...files.map(({ path }) => path)]);
        const joined = new Uint8Array(await readFile(join(folder, "joined")));
        expect([...joined.subarray(0, 16)]).toEqual([...secret].map(renamed));
      } finally {
        await removeFolder(folder);
      }
    },
  );
});
