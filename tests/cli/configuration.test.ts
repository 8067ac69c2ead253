import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SECRET_SETTINGS } from "../../src/cli/secret-files.js";
import { SETTINGS, type SettingName } from "../../src/cli/settings.js";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const files = (folder: string) => readdirSync(new URL(folder, root)).map((name) => `${folder}${name}`);

interface Row {
  readonly name: string;
  readonly fallback: string;
  readonly unit: string;
  readonly meaning: string;
}

/** The rows of all tables on the page. */
const rows = read("docs/CONFIGURATION.md")
  .split("\n")
  .filter((line) => line.startsWith("| `POSTERN_"))
  .map((line): Row => {
    const [, name = "", fallback = "", unit = "", meaning = "", ...more] = line.split("|").map((cell) => cell.trim());
    expect(more, line).toEqual([""]);
    return { name: name.replaceAll("`", ""), fallback, unit, meaning };
  });
const inFiles = SECRET_SETTINGS.map((name) => `${name}_FILE`);
const known = new Set<string>([...Object.keys(SETTINGS), ...inFiles]);
const named = (text: string) => new Set(text.match(/\bPOSTERN_\w+/g));
const isText = (name: string) => name.endsWith(".md");
/** A unit's own file of settings may hand a program its arguments, by names that are no settings. */
const ofUnits = new Set(files("deploy/").flatMap((path) => read(path).match(/(?<=\$\{?)POSTERN_\w+/g) ?? []));
/** The tests' own. */
const ofTests = new Set(
  files("tests/support/").flatMap((path) => (path.endsWith(".ts") ? [...named(read(path))] : [])),
);

describe("docs/CONFIGURATION.md", () => {
  it("has every setting once, and no other", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...known].sort());
  });

  it.each(Object.entries(SETTINGS))("says the default of %s", (name, { default: fallback }) => {
    const row = rows.find((each) => each.name === name);
    expect(row?.fallback).toBe(fallback === null ? "none" : `\`${fallback}\``);
  });

  it.each(inFiles)("says that %s has no default", (name) => {
    expect(rows.find((each) => each.name === name)?.fallback).toBe("none");
  });

  it.each(rows)("says the unit and the meaning of $name", ({ unit, meaning }) => {
    expect(unit).not.toBe("");
    expect(meaning.length).toBeGreaterThan(10);
  });

  const ranges = rows.flatMap(({ name, unit }) => {
    const [, from, to] = / (\d+(?:KiB)?) to (\d+(?:MiB)?)(?: |$)/.exec(unit) ?? [];
    return from === undefined || to === undefined ? [] : [{ name: name as SettingName, from, to }];
  });
  const shifted = (text: string, by: number) => text.replace(/^\d+/, (digits) => String(Number(digits) + by));

  it("says a range for each setting that has one", () => {
    const numbers = [
      "ANSWER_DAYS",
      "DRAFT_DAYS",
      "DRAIN_SECONDS",
      "MAIL_MAX_MESSAGE",
      "MAX_FILES",
      "MAX_SUBMISSION",
      "NOTIFY_HOURS",
      "RETENTION_DAYS",
    ];
    expect(ranges.map(({ name }) => name).sort()).toEqual(numbers.map((name) => `POSTERN_${name}`));
  });

  it.each(ranges)("says the range of $name: $from to $to", ({ name, from, to }) => {
    const accepts = (text: string) => SETTINGS[name].parse.safeParse(text).success;
    expect([from, to].map(accepts)).toEqual([true, true]);
    expect([shifted(from, -1), shifted(to, 1)].map(accepts)).toEqual([false, false]);
  });
});

describe("a setting that is named elsewhere", () => {
  it.each([...files("deploy/"), ...files("docs/").filter(isText), ...files("src/cli/commands/"), "README.md"])(
    "exists: %s",
    (path) => {
      const unknown = [...named(read(path))].filter(
        (name) => !known.has(name) && !ofTests.has(name) && !ofUnits.has(name),
      );
      expect(unknown).toEqual([]);
    },
  );

  it("is one of many in the example", () => {
    expect(named(read("deploy/postern.env.example")).size).toBeGreaterThan(8);
  });
});
