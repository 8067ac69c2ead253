import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../src/cli/commands/", import.meta.url);
const files = readdirSync(folder);
const main = readFileSync(new URL("../main.ts", folder), "utf8");

/** What a file loads as soon as it is imported: not its types, nor what it imports when it runs. */
function loaded(text: string): string[] {
  const statements = text.match(/^import (?!type )[^;]*;/gm) ?? [];
  return statements.map((each) => /"([^"]+)"/.exec(each)?.[1] ?? each);
}

describe("the commands", () => {
  it("are all in main.ts, each from its file", () => {
    const imported = [...main.matchAll(/import\("\.\/commands\/([\w-]+)\.js"\)/g)].map(([, name]) => `${name}.ts`);
    expect(imported.sort()).toEqual(files.sort());
  });

  it.each(files)("load nothing heavy before they run: %s", (name) => {
    const light = ["commander", "../options.js", "../exit-code.js"];
    expect(loaded(readFileSync(new URL(name, folder), "utf8")).filter((each) => !light.includes(each))).toEqual([]);
  });

  it("are listed without loading anything heavy", () => {
    expect(loaded(main)).toEqual(["commander", "./exit-code.js"]);
    for (const name of ["options", "exit-code"]) {
      const text = readFileSync(new URL(`../${name}.ts`, folder), "utf8");
      expect(loaded(text).filter((each) => each !== "commander")).toEqual([]);
    }
  });
});
