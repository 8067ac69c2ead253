import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { circles, type Rooms, type Runs, wrongImports } from "./support/imports.js";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

const room = (runs: Runs, ...may: string[]) => ({ runs, may });

/** What each room may import, and where it runs. Whatever is not here is forbidden. */
const ROOMS: Rooms = {
  core: room("anywhere"),
  streams: room("node"),
  files: room("node"),
  dom: room("browser"),
  "http-client": room("node"),
  openpgp: room("anywhere", "core"),
  form: room("anywhere", "core"),
  cases: room("anywhere", "core"),
  locales: room("node"),
  store: room("node", "core"),
  http: room("node", "core"),
  native: room("node", "core", "openpgp", "streams"),
  client: room("browser", "core", "openpgp", "form", "dom"),
  "desk-web": room("browser", "core", "openpgp", "cases", "dom"),
  desk: room("node", "core", "openpgp", "native", "cases", "locales"),
  server: room("node", "core", "openpgp", "native", "streams", "form", "locales", "store", "http"),
  pickup: room("node", "core", "files", "openpgp", "locales", "store", "http"),
  doctor: room("node", "core", "files", "openpgp", "http-client", "server", "store"),
  verify: room("node", "core", "openpgp", "http-client", "form", "locales", "store", "http", "server"),
  cli: room(
    "node",
    ...["core", "openpgp", "form", "locales", "cases", "store", "http", "http-client"],
    ...["server", "pickup", "desk", "doctor", "verify"],
  ),
};

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
    expect(readers).toEqual(["src/cli/main.ts"]);
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

  it.each(Object.keys(manifest.dependencies))("have their reason in docs/ARCHITECTURE.md: %s", (name) => {
    expect(readFileSync(new URL("docs/ARCHITECTURE.md", root), "utf8")).toMatch(
      new RegExp(`^\\| \`${name}\` +\\|`, "m"),
    );
  });
});

describe("what is said of the folders", () => {
  const folders = Object.keys(ROOMS);

  it.each(folders)("names src/%s, for who contributes and for who reads on", (folder) => {
    expect(read("CONTRIBUTING.md")).toMatch(new RegExp(`^src/${folder} +\\S`, "m"));
    expect(read("docs/ARCHITECTURE.md")).toMatch(new RegExp(`^${folder} +\\S`, "m"));
  });

  it("leads to every page of docs/ from another", () => {
    const pages = readdirSync(new URL("docs/", root)).filter((name) => name.endsWith(".md"));
    const all = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...pages.map((name) => `docs/${name}`)];
    for (const page of pages) {
      const named = all.filter((each) => !each.endsWith(`/${page}`) && read(each).includes(page));
      expect(named, page).not.toEqual([]);
    }
  });
});
