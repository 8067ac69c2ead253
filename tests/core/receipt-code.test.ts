import { pbkdf2Sync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createReceiptCode,
  deriveReplyAddress,
  formatReceiptCode,
  isMailboxId,
  isReplyKey,
  parseReceiptCode,
  ReceiptCodeError,
  type ReceiptCodeFault,
  readReplyAddress,
} from "../../src/core/index.js";
import { codeOf, failureOf } from "../support/bytes.js";
import { seeded, WITH_SEED } from "../support/seed.js";
import { readText } from "../vectors/manifest.js";

interface ReceiptVectors {
  readonly accepted: readonly {
    readonly typed: string;
    readonly code: string;
    readonly portalSalt: string;
    readonly derived: string;
    readonly mailbox: string;
    readonly key: string;
  }[];
  readonly rejected: readonly { readonly typed: string; readonly code: ReceiptCodeFault }[];
}

const { accepted, rejected } = JSON.parse(readText("receipt-codes.json")) as ReceiptVectors;
const FAULTS: Readonly<Record<ReceiptCodeFault, true>> = {
  empty: true,
  mistyped: true,
  not_digits: true,
  too_long: true,
  too_short: true,
  telephone: true,
};
const SALT = new Uint8Array(16);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

/** By value: that digit in every script that Node's Unicode version has. */
const DIGITS: readonly (readonly string[])[] = (() => {
  const all: string[] = [];
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const character = String.fromCodePoint(point);
    if (/^\p{Nd}$/u.test(character)) all.push(character);
  }
  return Array.from({ length: 10 }, (_, value) => all.filter((_digit, index) => index % 10 === value));
})();

/** Valid codes, reproducible by fast-check. */
const codes = fc.array(fc.nat(9), { minLength: 19, maxLength: 19 }).map((digits) => {
  const most = digits.join("");
  return Array.from({ length: 10 }, (_, check) => `${most}${check}`).find(isCode) ?? "";
});

function isCode(typed: string): boolean {
  try {
    parseReceiptCode(typed);
    return true;
  } catch {
    return false;
  }
}

describe("a new receipt code", () => {
  test("has 20 digits with a valid check digit", () => {
    for (let count = 0; count < 500; count += 1) {
      const code = createReceiptCode();
      expect(code).toMatch(/^\d{20}$/);
      expect(parseReceiptCode(code)).toBe(code);
    }
  });

  test("has uniformly distributed digits in every position but the last", () => {
    const counts = Array.from({ length: 19 }, () => new Array<number>(10).fill(0));
    const runs = 5_000;
    for (let count = 0; count < runs; count += 1) {
      const code = createReceiptCode();
      counts.forEach((place, index) => {
        const digit = Number(code[index]);
        place[digit] = (place[digit] ?? 0) + 1;
      });
    }
    // Seven standard deviations: one of 190 counts fails by chance once in two thousand million runs.
    const allowed = 7 * Math.sqrt(runs * 0.1 * 0.9);
    for (const place of counts) for (const count of place) expect(Math.abs(count - runs / 10)).toBeLessThan(allowed);
  });

  test("does not repeat", () => {
    expect(new Set(Array.from({ length: 1000 }, createReceiptCode)).size).toBe(1000);
  });

  test("is displayed in groups of four", () => {
    expect(formatReceiptCode("12345678901234567891")).toBe("1234 5678 9012 3456 7891");
  });
});

describe("a typed receipt code", () => {
  test.each(accepted)("$typed is read as $code", ({ typed, code }) => {
    expect(parseReceiptCode(typed)).toBe(code);
  });

  test.each(rejected)("$typed is refused as $code", async ({ typed, code }) => {
    expect(await failureOf(() => parseReceiptCode(typed))).toBeInstanceOf(ReceiptCodeError);
    expect(await codeOf(() => parseReceiptCode(typed))).toBe(code);
  });

  test("the vectors have every code of the union", () => {
    expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(Object.keys(FAULTS)));
  });

  test(`may mix digits of any script with any spacing ${WITH_SEED}`, () => {
    const spacing = fc.constantFrom(
      "",
      " ",
      "-",
      "\u00a0",
      "\u2009",
      "\u2011",
      "\u2013",
      "\u2212",
      "\t",
      "\u200b",
      "\u200f",
    );
    fc.assert(
      fc.property(codes, fc.array(fc.tuple(fc.nat(), spacing), { minLength: 20, maxLength: 20 }), (code, choices) => {
        const typed = choices.map(([choice, space], index) => {
          const scripts = DIGITS[Number(code[index])] ?? [];
          return `${scripts[choice % scripts.length]}${space}`;
        });
        expect(parseReceiptCode(typed.join(""))).toBe(code);
      }),
      seeded(500),
    );
  });

  test("may use the digits of each script", () => {
    const code = accepted[0]?.code ?? "";
    const scripts = DIGITS[0]?.length ?? 0;
    expect(scripts).toBeGreaterThan(60);
    for (let script = 0; script < scripts; script += 1) {
      expect(parseReceiptCode([...code].map((digit) => DIGITS[Number(digit)]?.[script]).join(""))).toBe(code);
    }
  });

  test(`is refused with any digit wrong, and with any two neighbours swapped ${WITH_SEED}`, () => {
    fc.assert(
      fc.property(codes, (code) => {
        for (let place = 0; place < 20; place += 1) {
          const head = code.slice(0, place);
          for (let step = 1; step < 10; step += 1) {
            expect(isCode(`${head}${(Number(code[place]) + step) % 10}${code.slice(place + 1)}`)).toBe(false);
          }
          const [first = "", second = ""] = code.slice(place, place + 2);
          if (second !== "" && first !== second) {
            expect(isCode(`${head}${second}${first}${code.slice(place + 2)}`)).toBe(false);
          }
        }
      }),
      seeded(100),
    );
  });

  test(`is a code or a known fault, whatever the text ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 1200 }), async (typed) => {
        if (!isCode(typed)) expect(Object.keys(FAULTS)).toContain(await codeOf(() => parseReceiptCode(typed)));
      }),
      seeded(500),
    );
  });
});

describe("the reply address of a receipt code", () => {
  test.each(accepted)("$code on $portalSalt", async ({ typed, code, portalSalt, derived, mailbox, key }) => {
    const salt = Buffer.concat([Buffer.from("postern receipt 1"), bytes(portalSalt)]);
    expect(pbkdf2Sync(code, salt, 600_000, 64, "sha512").toString("hex")).toBe(derived);
    expect(await deriveReplyAddress(code, bytes(portalSalt))).toEqual({ mailbox, key });
    expect(await deriveReplyAddress(typed, bytes(portalSalt))).toEqual({ mailbox, key });
    expect([isMailboxId(mailbox), isReplyKey(key)]).toEqual([true, true]);
  });

  test("is refused for an invalid code and for a salt of another length", async () => {
    expect(await codeOf(() => deriveReplyAddress("1234", SALT))).toBe("too_short");
    const code = accepted[0]?.code ?? "";
    for (const length of [0, 15, 17]) {
      expect(await failureOf(() => deriveReplyAddress(code, new Uint8Array(length)))).toBeInstanceOf(RangeError);
    }
  });
});

describe("a reply address in a record", () => {
  const mailbox = "a".repeat(32);
  const key = `${"b".repeat(51)}q`;

  test("is read without additional members", () => {
    expect(readReplyAddress({ mailbox, key, more: 1 })).toEqual({ mailbox, key });
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["text", mailbox],
    ["a mailbox alone", { mailbox }],
    ["a key alone", { key }],
    ["a mailbox that is too short", { mailbox: mailbox.slice(1), key }],
    ["a mailbox that is too long", { mailbox: `${mailbox}a`, key }],
    ["a mailbox that is a path", { mailbox: `../${"a".repeat(29)}`, key }],
    ["a mailbox with a line after it", { mailbox: `${mailbox}\n`, key }],
    ["a mailbox in capitals", { mailbox: "A".repeat(32), key }],
    ["a mailbox with a digit that base32 lacks", { mailbox: "1".repeat(32), key }],
    ["a mailbox that is a list", { mailbox: [mailbox], key }],
    ["a key that is too short", { mailbox, key: key.slice(1) }],
    ["a key that is too long", { mailbox, key: `b${key}` }],
    ["a key whose last bits are not zero", { mailbox, key: `${"b".repeat(51)}b` }],
  ])("is not read from %s", (_, value) => {
    expect(readReplyAddress(value)).toBeNull();
  });
});
