import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClientScript, loadClientBuild } from "../../../src/server/site/client-build.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BUNDLED = [
  "openpgp",
  "modern-tar",
  "zod",
  // What tells the type of a document on the desk page, and its parts.
  "file-type",
  "strtok3",
  "token-types",
  "uint8array-extras",
  "ieee754",
  "debug",
  "ms",
  "altcha-lib",
  "@borewit",
  "@tokenizer",
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-build-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the client's build", () => {
  it("is the same, byte for byte, wherever it is made", async () => {
    const elsewhere = join(folder, "another place");
    for (const part of ["src", "scripts", "package.json", "tsconfig.json"]) {
      cpSync(join(ROOT, part), join(elsewhere, part), { recursive: true });
    }
    for (const name of BUNDLED) {
      cpSync(join(ROOT, "node_modules", name), join(elsewhere, "node_modules", name), { recursive: true });
    }
    for (const name of ["esbuild", "@esbuild", "terser"]) {
      symlinkSync(join(ROOT, "node_modules", name), join(elsewhere, "node_modules", name));
    }
    const here = join(ROOT, "public/build");
    await promisify(execFile)(process.execPath, [join(elsewhere, "scripts/build-client.mjs")], { cwd: folder });
    const there = join(elsewhere, "public/build");
    expect(readdirSync(there).sort()).toEqual(readdirSync(here).sort());
    expect(readdirSync(here)).toHaveLength(7);
    for (const name of readdirSync(here)) {
      const contents = readFileSync(join(here, name));
      expect(readFileSync(join(there, name)).equals(contents)).toBe(true);
      expect(contents.includes(ROOT)).toBe(false);
    }
  }, 300_000);

  it("names the licences of what is in it", () => {
    for (const { contents } of Object.values(loadClientBuild()) as ClientScript[]) {
      expect(contents.toString().slice(0, 200)).toMatch(/AGPL-3\.0-or-later.*openpgp\.js, LGPL-3\.0-or-later/);
    }
  });

  it.each([
    ["nothing", []],
    ["two builds at once", ["main-A.js", "main-B.js", "worker-A.js", "curves-A.js", "offline-A.js"]],
  ])("is refused at the start if there is %s", (_what, names) => {
    for (const name of names) writeFileSync(join(folder, name), "");
    expect(() => loadClientBuild(pathToFileURL(`${folder}/`))).toThrow("npm run build");
  });
});
