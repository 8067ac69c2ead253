import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryName, isEntryName } from "../../src/core/index.js";
import { utf8 } from "../support/bytes.js";
import { seeded } from "../support/seed.js";

const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";

describe("entryName", () => {
  test.each([
    ["a plain name", "photo.jpg", "01-photo.jpg"],
    ["Cyrillic", "паспорт.jpg", "01-паспорт.jpg"],
    ["spaces and brackets", "scan (2) of July.pdf", "01-scan (2) of July.pdf"],
    ["an emoji", "\u{1f600}.png", "01-\u{1f600}.png"],
    ["an emoji joined from several", `${FAMILY}.png`, `01-${FAMILY}.png`],
    ["a way out of the folder", "../../etc/passwd", "01-passwd"],
    ["an absolute path", "/etc/passwd", "01-passwd"],
    ["a Windows path", "C:\\Users\\anna\\приговор.pdf", "01-приговор.pdf"],
    ["a network path", "\\\\server\\share\\a.txt", "01-a.txt"],
    ["a Windows device", "CON.txt", "01-CON.txt"],
    ["an option", "-rf", "01--rf"],
    ["a hidden file", ".profile", "01-.profile"],
    ["two dots", "..", "01-__"],
    ["one dot", ".", "01-_"],
    ["dots only", "......", "01-______"],
    ["trailing dots", "letter.txt...", "01-letter.txt___"],
    ["trailing spaces", "letter.txt  ", "01-letter.txt__"],
    ["a space before the extension", "scan .pdf", "01-scan .pdf"],
    ["nothing", "", "01-unnamed"],
    ["only a separator", "/", "01-unnamed"],
    ["a path that ends in a separator", "folder/", "01-unnamed"],
    ["a bidi override", "invoice\u202egpj.exe", "01-invoice_gpj.exe"],
    ["bidi isolates", "\u2066a\u2069.txt", "01-_a_.txt"],
    ["control characters", "a\nb\rc\td\0e\x1b[2J\x7f\x85.txt", "01-a_b_c_d_e__2J__.txt".replace("__2J", "_[2J")],
    ["line separators", "a\u2028b\u2029c", "01-a_b_c"],
    ["a byte order mark", "\ufeffa\ufeffb", "01-_a_b"],
    ["a lone surrogate", "a\ud800b\udc00.txt", "01-a\ufffdb\ufffd.txt"],
    ["what Windows reserves", 'a<b>c:d"e|f?g*h', "01-a_b_c_d_e_f_g_h"],
    ["a name kept byte for byte though not in normal form", "и\u0306.txt", "01-и\u0306.txt"],
  ])("makes %s safe", (_, given, made) => {
    expect(entryName(1, given)).toBe(made);
  });

  test.each([
    ["Latin", "a"],
    ["Cyrillic", "ж"],
    ["CJK", "書"],
    ["emoji", "\u{1f600}"],
  ])("cuts 255 bytes of %s on a code point and keeps the extension", (_, character) => {
    const made = entryName(7, `${character.repeat(Math.floor(251 / utf8(character).length))}.jpg`);
    const width = utf8(character).length;
    expect(made).toBe(`07-${character.repeat(Math.floor((99 - 3 - 4) / width))}.jpg`);
  });

  test("cuts no name of 96 bytes, and one of 97", () => {
    const name = (bytes: number) => `${"a".repeat(bytes - 5)} .pdf`;
    expect(entryName(1, name(96))).toBe(`01-${name(96)}`);
    expect(entryName(1, name(97))).toBe(`01-${"a".repeat(92)}.pdf`);
  });

  test("cuts a name without an extension at its end", () => {
    expect(entryName(1, `${"a".repeat(96)}bc`)).toBe(`01-${"a".repeat(96)}`);
  });

  test.each([
    [15, `.${"x".repeat(14)}`, true],
    [16, `.${"x".repeat(15)}`, true],
    [17, `.${"x".repeat(16)}`, false],
    [16, `.${"ж".repeat(7)}x`, true],
    [17, `.${"ж".repeat(8)}`, false],
  ])("keeps an extension of 16 bytes at most: %i", (bytes, extension, kept) => {
    expect(utf8(extension).length).toBe(bytes);
    const end = kept ? extension : "";
    expect(entryName(1, "a".repeat(200) + extension)).toBe(`01-${"a".repeat(96 - utf8(end).length)}${end}`);
  });

  test("cuts a name that is all extension", () => {
    expect(entryName(1, `a.${"x".repeat(300)}`)).toBe(`01-a.${"x".repeat(94)}`);
  });

  test("leaves no trailing dot or space where it cuts", () => {
    expect(entryName(1, `${"a".repeat(90)}${" .".repeat(60)} ${"b".repeat(20)}`)).toBe(`01-${"a".repeat(90)}_`);
  });

  test.each([
    [1, "01-a"],
    [9, "09-a"],
    [10, "10-a"],
    [99, "99-a"],
    [100, "100-a"],
    [1000, "1000-a"],
  ])("numbers document %i", (position, made) => {
    expect(entryName(position, "a")).toBe(made);
  });

  test("gives documents with the same name different entry names", () => {
    expect(entryName(1, "паспорт.jpg")).not.toBe(entryName(2, "паспорт.jpg"));
  });
});

describe("isEntryName", () => {
  test.each([
    "",
    "a.txt",
    "1-a.txt",
    "001-a.txt",
    "01-",
    "01a",
    "01-a/b",
    "01-a\\b",
    "01-a.",
    "01-a ",
    "01-a\n",
    "01-\u202ea",
    "01-\ufeffa",
    "01-a:b",
    "../01-a",
    `01-${"a".repeat(97)}`,
    "10000-a",
  ])("refuses %j", (name) => {
    expect(isEntryName(name)).toBe(false);
  });

  test.each(["01-a.txt", "01-.profile", "01--rf", "99-паспорт.jpg", "100-a"])("accepts %j", (name) => {
    expect(isEntryName(name)).toBe(true);
  });
});

describe("an arbitrary name", () => {
  const awkward = fc.constantFrom(
    "/",
    "\\",
    ".",
    " ",
    "\0",
    "\n",
    "\u202e",
    "\ufeff",
    "\ud800",
    "ж",
    FAMILY,
    ".jpg",
    "~",
  );
  const names = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(fc.oneof(awkward, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 120 })
      .map((all) => all.join("")),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 120 }).map((units) => String.fromCharCode(...units)),
  );
  const positions = fc.integer({ min: 1, max: 9999 });

  test("becomes an entry name of at most 99 bytes that no system interprets", () => {
    fc.assert(
      fc.property(positions, names, (position, given) => {
        const made = entryName(position, given);
        expect(isEntryName(made)).toBe(true);
        expect(utf8(made).length).toBeLessThanOrEqual(99);
        expect(made).not.toMatch(/[/\\<>:"|?*\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]|[. ]$/u);
      }),
      seeded(4000),
    );
  });

  test("is stable once made safe", () => {
    fc.assert(
      fc.property(positions, names, (position, given) => {
        const made = entryName(position, given);
        expect(entryName(position, made.replace(/^\d+-/, ""))).toBe(made);
      }),
      seeded(4000),
    );
  });
});
