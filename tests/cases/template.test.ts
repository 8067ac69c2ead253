import { describe, expect, it } from "vitest";
import { fillTemplate, MAX_TEMPLATE_CHARS, type TemplateLanguage } from "../../src/cases/index.js";
import { codeOf } from "../support/bytes.js";
import { Random } from "../support/seed.js";

const values = (more: { readonly name?: string; readonly language?: TemplateLanguage } = {}) => ({
  name: "Иванов Пётр",
  number: "9b7c72d3",
  date: new Date("2026-11-26T12:00:00Z"),
  language: "ru" as const,
  ...more,
});

describe("a template", () => {
  it.each<[TemplateLanguage, string]>([
    ["ru", "26 ноября 2026 г."],
    ["uk", "26 листопада 2026 р."],
    ["en", "26 November 2026"],
  ])("has its fields filled in, the day as one writes it in %s", (language, day) => {
    const text = fillTemplate("{name}, {number}: {date}. {name}!\n", values({ language }));
    expect(text).toBe(`Иванов Пётр, 9b7c72d3: ${day}. Иванов Пётр!\n`);
  });

  it.each(["Иванов Пётр", "О’Нил Шон-Патрик", "Д. А. Ли", "Ґалаґан Їжак", "Müller"])("takes %s as a name", (name) => {
    expect(fillTemplate("{name}", values({ name: `  ${name.replace(" ", " \n ")} ` }))).toBe(name);
  });

  it.each([
    "",
    " ",
    "{date}",
    "Иванов <b>",
    "Иванов, звоните 89001234567",
    "http://example.org",
    "a@b",
    "Иванов\u202eПётр",
    "Ива\u200bнов",
    "И\u0301\u0302\u0303\u0304\u0305",
    "\u001b]0;x\u0007",
    "x".repeat(101),
  ])("copies no name like %j", async (name) => {
    expect(await codeOf(() => fillTemplate("{name}", values({ name })))).toBe("no_name");
    expect(fillTemplate("{date}", values({ name }))).not.toBe("");
  });

  it.each(["{Name}", "{}", "{constructor}", "{{name}}", "{name", "name}", "{na\nme}"])(
    "is refused with %j",
    async (text) => {
      expect(await codeOf(() => fillTemplate(text, values()))).toBe("unknown_field");
    },
  );

  it.each(["", " \n", "a\u0000", "a\u001bc", "a\u202ec", "x".repeat(MAX_TEMPLATE_CHARS + 1)])(
    "is refused if it is empty, too long or no plain text (%#)",
    async (text) => {
      expect(await codeOf(() => fillTemplate(text, values()))).toBe("not_a_template");
    },
  );

  it("takes as many characters as it may have", () => {
    expect(fillTemplate("x".repeat(MAX_TEMPLATE_CHARS), values())).toHaveLength(MAX_TEMPLATE_CHARS);
  });

  it("fills in a hostile name nowhere, whatever it is", async () => {
    const random = new Random("names of letters");
    const alphabet = [..."Иa .'-{}<>/@\n\u0000\u200b\u202e\u0301\ud8007"];
    for (let count = 0; count < 500; count += 1) {
      const name = Array.from(
        { length: random.integer(0, 12) },
        () => alphabet[random.integer(0, alphabet.length - 1)],
      ).join("");
      const filled = await Promise.resolve()
        .then(() => fillTemplate("{name}", values({ name })))
        .catch(() => "И");
      expect(filled).toMatch(/^\p{L}[\p{L}\p{M} .'-]*$/u);
    }
  });
});
