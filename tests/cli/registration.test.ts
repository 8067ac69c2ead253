import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const folder = new URL("../../src/cli/commands/", import.meta.url);
const files = readdirSync(folder);
const table = readFileSync(new URL("../command-table.ts", folder), "utf8");

/** What a file loads as soon as it is imported: not its types, nor what it imports when it runs. */
function loaded(text: string): string[] {
  const statements = text.match(/^import (?!type )[^;]*;/gm) ?? [];
  return statements.map((each) => /"([^"]+)"/.exec(each)?.[1] ?? each);
}

describe("the commands", () => {
  it("are all in one table, each from its file", () => {
    const imported = [...table.matchAll(/import\("\.\/commands\/([\w-]+)\.js"\)/g)].map(([, name]) => `${name}.ts`);
    expect(imported.sort()).toEqual(files.sort());
  });

  it.each(files)("load nothing heavy before they run: %s", (name) => {
    const light = ["commander", "../options.js", "../exit-code.js"];
    expect(loaded(readFileSync(new URL(name, folder), "utf8")).filter((each) => !light.includes(each))).toEqual([]);
  });

  it("are listed without loading anything heavy", () => {
    expect(loaded(table)).toEqual([]);
    const light = ["commander", "./exit-code.js", "./start.js", "./command-table.js", "./supported-node.js"];
    for (const name of ["main", "offline", "start", "run", "supported-node", "options", "exit-code"]) {
      const text = readFileSync(new URL(`../${name}.ts`, folder), "utf8");
      const heavy = loaded(text).filter((each) => !light.includes(each));
      expect(heavy, name).toEqual(name === "run" ? ["../files/index.js"] : []);
    }
  });
});
