import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAboutFile } from "../../src/cli/about-file.js";
import { removeFolder } from "../support/temporary.js";

const LANGUAGES = ["ru", "uk"];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-about-"));
});
afterEach(() => removeFolder(folder));

async function read(contents: string): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, "about.json");
  await writeFile(path, contents);
  return readAboutFile(path, LANGUAGES);
}

describe("what the operator says about the people behind the site", () => {
  it("is a text in every language, without blanks around it", async () => {
    expect(await read('{ "ru": " Мы — команда. ", "uk": "Ми — команда." }')).toEqual({
      ru: "Мы — команда.",
      uk: "Ми — команда.",
    });
  });

  it.each([
    ["no JSON", "{"],
    ["a language missing", '{ "ru": "x" }'],
    ["a language too many", '{ "ru": "x", "uk": "x", "de": "x" }'],
    ["nothing in a language", '{ "ru": "x", "uk": " " }'],
    ["too long", JSON.stringify({ ru: "x", uk: "x".repeat(1_001) })],
  ])("is refused by the file's name: %s", async (_what, contents) => {
    await expect(read(contents)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringMatching(/^POSTERN_ABOUT: .*about\.json: expected \{ "ru": "…", "uk": "…" \}/) as unknown,
    });
  });

  it("is refused where there is no such file", async () => {
    await expect(readAboutFile(join(folder, "none"), LANGUAGES)).rejects.toMatchObject({
      code: "invalid_configuration",
    });
  });
});
