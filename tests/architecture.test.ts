import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: unknown };
}

/** Lints one file that imports `specifier`, at `path` below a copy of the project's own configuration. */
function lint(path: string, specifier: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "postern-lint-"));
  try {
    const settings = JSON.parse(readFileSync(new URL("biome.json", root), "utf8")) as Record<string, unknown>;
    writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...settings, vcs: { enabled: false } }));
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `import { thing } from "${specifier}";\n\nexport const it = thing;\n`);
    const biome = fileURLToPath(new URL("node_modules/.bin/biome", root));
    const { stdout } = spawnSync(biome, ["lint", "--reporter=json", path], { cwd: folder, encoding: "utf8" });
    return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics.map(({ category }) => category);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the arrows between the folders run one way", () => {
  it.each([
    ["src/core/x.ts", "node:fs"],
    ["src/core/x.ts", "../form/index.js"],
    ["src/core/x.ts", "../store/index.js"],
    ["src/form/x.ts", "../server/index.js"],
    ["src/form/x.ts", "../store/index.js"],
    ["src/locales/x.ts", "../desk/index.js"],
    ["src/store/x.ts", "../server/index.js"],
    ["src/store/x.ts", "../form/index.js"],
    ["src/server/x.ts", "../desk/index.js"],
    ["src/server/x.ts", "../cli/config.js"],
    ["src/server/pages/x.tsx", "../../desk/index.js"],
    ["src/server/x.ts", "../pickup/index.js"],
    ["src/server/x.ts", "../browser/index.js"],
    ["src/pickup/x.ts", "../server/index.js"],
    ["src/pickup/x.ts", "../desk/index.js"],
    ["src/pickup/pages/x.tsx", "../../cli/config.js"],
    ["src/web/x.ts", "../server/index.js"],
    ["src/web/x.ts", "../store/index.js"],
    ["src/store/x.ts", "../web/index.js"],
    ["src/desk/x.ts", "../web/index.js"],
    ["src/browser/x.ts", "../web/index.js"],
    ["src/desk/x.ts", "../server/index.js"],
    ["src/desk/x.ts", "../store/index.js"],
    ["src/desk/x.ts", "../cli/config.js"],
    ["src/room/x.ts", "node:fs"],
    ["src/room/x.ts", "../desk/index.js"],
    ["src/room/x.ts", "../browser/index.js"],
    ["src/desk/x.ts", "../room/index.js"],
    ["src/browser/x.ts", "node:fs"],
    ["src/browser/x.ts", "../server/index.js"],
    ["src/browser/x.ts", "../store/index.js"],
    ["src/browser/x.ts", "../desk/index.js"],
    ["src/browser/x.ts", "../cases/index.js"],
    ["src/server/x.ts", "../cases/index.js"],
    ["src/pickup/x.ts", "../cases/index.js"],
    ["src/store/x.ts", "../cases/index.js"],
    ["src/form/x.ts", "../cases/index.js"],
    ["src/desk/x.ts", "../page/index.js"],
    ["src/cases/x.ts", "node:fs"],
    ["src/cases/x.ts", "../form/index.js"],
    ["src/cases/x.ts", "../desk/index.js"],
    ["src/page/x.ts", "../core/index.js"],
    ["src/page/x.ts", "node:fs"],
    ["src/doctor/x.ts", "../cli/config.js"],
    ["src/doctor/x.ts", "../desk/index.js"],
    ["src/server/x.ts", "../doctor/index.js"],
    ["src/store/x.ts", "../doctor/index.js"],
    ["src/native/x.ts", "../store/index.js"],
    ["src/lane/x.ts", "../core/index.js"],
    ["src/browser/x.ts", "../lane/index.js"],
    ["src/store/x.ts", "../lane/index.js"],
    ["src/native/x.ts", "../server/index.js"],
    ["src/browser/x.ts", "../native/index.js"],
    ["src/store/x.ts", "../native/index.js"],
    ["src/wire/x.ts", "../core/index.js"],
    ["src/proof/x.ts", "../cli/config.js"],
    ["src/proof/x.ts", "../doctor/index.js"],
    ["src/proof/x.ts", "../desk/index.js"],
    ["src/doctor/x.ts", "../proof/index.js"],
    ["src/server/x.ts", "../proof/index.js"],
    ["src/server/x.ts", "../wire/index.js"],
    ["src/browser/x.ts", "../wire/index.js"],
  ])("%s may not import %s", (path, specifier) => {
    expect(lint(path, specifier)).toEqual(["lint/style/noRestrictedImports"]);
  });

  it.each([
    ["src/core/x.ts", "./fault.js"],
    ["src/core/x.ts", "openpgp"],
    ["src/form/x.ts", "./form.js"],
    ["src/store/x.ts", "../core/index.js"],
    ["src/server/x.ts", "../store/index.js"],
    ["src/server/pages/x.tsx", "../../form/index.js"],
    ["src/pickup/x.ts", "../store/index.js"],
    ["src/pickup/x.ts", "../web/index.js"],
    ["src/web/x.ts", "../core/index.js"],
    ["src/desk/x.ts", "../core/index.js"],
    ["src/desk/x.ts", "../cases/index.js"],
    ["src/cases/x.ts", "../core/index.js"],
    ["src/cases/x.ts", "file-type"],
    ["src/room/x.ts", "../cases/index.js"],
    ["src/room/x.ts", "../page/index.js"],
    ["src/browser/x.ts", "../page/index.js"],
    ["src/browser/x.ts", "../core/index.js"],
    ["src/browser/x.ts", "../form/index.js"],
    ["src/native/x.ts", "../core/index.js"],
    ["src/native/x.ts", "node:crypto"],
    ["src/native/x.ts", "../lane/index.js"],
    ["src/server/x.ts", "../lane/index.js"],
    ["src/server/x.ts", "../native/index.js"],
    ["src/cli/x.ts", "../server/index.js"],
    ["src/cli/x.ts", "../desk/index.js"],
    ["src/doctor/x.ts", "../wire/index.js"],
    ["src/proof/x.ts", "../server/index.js"],
    ["src/proof/x.ts", "../wire/index.js"],
    ["src/wire/x.ts", "./socks.js"],
  ])("%s may import %s", (path, specifier) => {
    expect(lint(path, specifier)).toEqual([]);
  });

  it("the packet writer stays under 200 lines of code, so that it can be read in one go", () => {
    const folder = new URL("src/native/", root);
    const lines = readdirSync(folder).flatMap((name) => readFileSync(new URL(name, folder), "utf8").split("\n"));
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
  const read = (path: string) => readFileSync(new URL(path, root), "utf8");
  const folders = readdirSync(new URL("src/", root));

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
