import { describe, expect, it } from "vitest";
import { ArchiveError, ReplyError } from "../../src/core/index.js";
import { pageWords } from "../../src/desk/html/html-page.js";
import { DeskError } from "../../src/desk-web/desk-error.js";
import { DESK_FAULTS, type DeskFault, type KeyNotice } from "../../src/desk-web/desk-messages.js";
import { explain } from "../../src/desk-web/explain.js";
import { faultWords } from "../../src/desk-web/fault-words.js";
import { PictureError } from "../../src/desk-web/thumbnail.js";
import { Locale } from "../../src/desk-web/words.js";
import { ArmorError, DecryptError, type KeyFileFault, type Lock, MessageError } from "../../src/openpgp/index.js";

// The types of these tables make a code without a line an error of compilation.
const KEY_FAULTS: Readonly<Record<KeyNotice["fault"] | KeyFileFault, true>> = {
  not_keys: true,
  empty: true,
  public_only: true,
  revocation: true,
  message: true,
  gnupg_file: true,
  damaged: true,
  partly_damaged: true,
  signing_only: true,
  too_large: true,
  unreadable: true,
  no_key_file: true,
  wrong_key_file: true,
};
const LOCKS: Readonly<Record<Lock, true>> = {
  passphrase: true,
  card: true,
  absent: true,
  weak: true,
  costly: true,
  unsupported: true,
};

const words = pageWords(["desk"]);
const NEEDED = [
  ...Object.keys(DESK_FAULTS).map((code) => `desk-fault-${code}`),
  ...Object.keys(KEY_FAULTS).map((code) => `desk-key-${code}`),
  ...Object.keys(LOCKS).map((lock) => `desk-lock-${lock}`),
];

describe.each(["en", "uk"])("what desk.html says of a fault, in %s", (language) => {
  const locale = new Locale(words);
  locale.language = language;

  it.each(NEEDED)("is there: %s", (id) => {
    expect(words[language]?.[id]).toMatch(/^[^{}]{10,}|\(\{code\}\)/);
  });

  it("is there once, and for nothing else", () => {
    const said = Object.keys(words[language] ?? {}).filter((id) => /^desk-(?:fault|key|lock)-/.test(id));
    expect(said.filter((id) => !/^desk-key-(?:title|none|known)$/.test(id)).sort()).toEqual([...NEEDED].sort());
    const texts = NEEDED.map((id) => words[language]?.[id]);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("never leads to a weaker way", () => {
    for (const id of NEEDED) expect(words[language]?.[id]).not.toMatch(/ignore|--force|зневаж|online|мереж/i);
  });

  it("names the rule that an archive breaks", () => {
    expect(faultWords(locale.say, new DeskError("bad_archive", "unsafe_path"))).toContain("(unsafe_path)");
    expect(faultWords(locale.say, new Error("x"))).toBe(words[language]?.["desk-fault-crashed"]);
  });
});

describe("the fault of an error in a worker", () => {
  it.each<[DeskFault, string, unknown]>([
    ["locked_key", "", new DecryptError("locked_key", "x")],
    ["not_a_picture", "", new PictureError("not_a_picture", "x")],
    ["reply_too_large", "", new ReplyError("too_large", "x")],
    ["bad_archive", "unsafe_path", new ArchiveError("unsafe_path", "x")],
    ["unreadable", "NotReadableError", new DOMException("x", "NotReadableError")],
    ["out_of_memory", "", new RangeError("Array buffer allocation failed")],
    ["crashed", "MessageError", new MessageError("truncated", "x")],
    ["crashed", "ArmorError", new ArmorError("malformed", "x")],
    ["crashed", "TypeError", new TypeError("x")],
    ["crashed", "", "x"],
  ])("is %s (%s) for %s", (fault, detail, cause) => {
    expect(explain(cause)).toEqual({ fault, detail });
  });
});
