import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withBlock } from "./support/block.js";
import { circles, type Runs, wrongImports } from "./support/imports.js";
import { ROOMS, roomsTable } from "./support/rooms.js";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const room = (runs: Runs, ...may: string[]) => ({ runs, may });

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src"], {
  cwd: fileURLToPath(root),
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path, text: read(path) }));

describe("the arrows between the rooms run one way", () => {
  it("has every room in the table, and no other", () => {
    const found = new Set(sources.map(({ path }) => path.split("/")[1]));
    expect(Object.keys(ROOMS).sort()).toEqual([...found].sort());
  });

  it("imports only what the table allows, through the public face of each folder", () => {
    expect(wrongImports(sources, ROOMS)).toEqual([]);
  });

  it("has no arrow that nothing uses", () => {
    const unused = Object.entries(ROOMS).flatMap(([from, { may }]) =>
      may.filter(
        (to) => !sources.some(({ path, text }) => path.startsWith(`src/${from}/`) && text.includes(`../${to}/`)),
      ),
    );
    expect(unused).toEqual([]);
  });

  it("has no circle", () => {
    expect(circles(ROOMS)).toEqual([]);
  });

  it.each([
    ["src/core/x.ts", `import { open } from "node:fs";`, "runs without Node"],
    ["src/client/x.ts", `import "node:fs";`, "runs without Node"],
    ["src/core/x.ts", `import { a } from "../form/index.js";`, "no arrow"],
    ["src/server/x.ts", `const a = await import("../desk/index.js");`, "no arrow"],
    ["src/server/pages/x.tsx", `import type { A } from "../../pickup/index.js";`, "no arrow"],
    ["src/store/x.ts", `export { a } from "../server/index.js";`, "no arrow"],
    ["src/server/x.ts", `import { a } from "../core/fault.js";`, "past an index"],
    ["src/cli/x.ts", `const a = await import("../store/s3/x.js");`, "past an index"],
    ["src/store/x.ts", `import { a } from "./s3/x.js";`, "past an index"],
  ])("would notice in %s: %s", (path, text, fault) => {
    const others = ["src/core/index.ts", "src/store/index.ts", "src/store/s3/index.ts"];
    const made = [{ path, text }, ...others.map((each) => ({ path: each, text: "" }))];
    expect(wrongImports(made, ROOMS).map((line) => line.split(": ").at(-1))).toEqual([fault]);
  });

  it.each([
    ["src/store/s3/x.ts", `import { a } from "../store.js";`],
    ["src/store/s3/x.ts", `import { a } from "../../core/index.js";`],
    ["src/server/x.ts", `import { a } from "./pages/y.js";`],
    ["src/core/x.ts", `import { a } from "openpgp";`],
  ])("lets %s say %s", (path, text) => {
    const others = ["src/core/index.ts", "src/store/index.ts", "src/store/s3/index.ts"];
    const made = [{ path, text }, ...others.map((each) => ({ path: each, text: "" }))];
    expect(wrongImports(made, ROOMS)).toEqual([]);
  });

  it("would notice a circle", () => {
    const table = { a: room("node", "b"), b: room("node", "c"), c: room("node", "a"), d: room("node", "a") };
    expect(circles(table)).toEqual(["a", "b", "c"]);
  });

  it("the packet writer stays under 200 lines of code, so that it can be read in one go", () => {
    const folder = new URL("src/native/", root);
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const lines = files.flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n"));
    expect(lines.filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line)).length).toBeLessThan(200);
  });

  it("only the command line reads the environment or the arguments", () => {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src"], {
      cwd: fileURLToPath(root),
      encoding: "utf8",
    });
    const readers = files
      .split("\n")
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => /process\.(env|argv)/.test(readFileSync(new URL(file, root), "utf8")));
    expect(readers).toEqual(["src/cli/run.ts"]);
  });
});

describe("dependencies", () => {
  const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;

  it("are pinned exactly", () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it.each(Object.keys(manifest.dependencies))("have their reason in docs/DEPENDENCIES.md: %s", (name) => {
    expect(read("docs/DEPENDENCIES.md")).toMatch(new RegExp(`^\\| \`${name}\` +\\| \\S`, "m"));
  });
});

describe("what is said of the folders", () => {
  it.each(Object.keys(ROOMS))("names src/%s, for who contributes", (folder) => {
    expect(read("CONTRIBUTING.md")).toMatch(new RegExp(`^src/${folder} +\\S`, "m"));
  });

  it("has the table of rooms in docs/ARCHITECTURE.md: run npm run docs if this fails", () => {
    const map = read("docs/ARCHITECTURE.md");
    expect(withBlock(map, "npm run docs", roomsTable())).toBe(map);
  });

  it("keeps docs/ARCHITECTURE.md a map, of at most 1,800 words", () => {
    const words = read("docs/ARCHITECTURE.md")
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word));
    expect(words.length).toBeLessThanOrEqual(1_800);
  });

  it("leads to every page of docs/ from another", () => {
    const all = pages(".");
    for (const page of pages("docs")) {
      const named = all.filter((each) => each !== page && leadsTo(each, page));
      expect(named, page).not.toEqual([]);
    }
  });
});

/** Every Markdown file of ours below `folder`, by its path in the project. */
function pages(folder: string): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", folder], {
    cwd: fileURLToPath(root),
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => path.endsWith(".md"));
}

function leadsTo(from: string, to: string): boolean {
  const targets = [...read(from).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
  return targets.some((target) => posix.join(posix.dirname(from), target) === to);
}
