import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BUNDLED = [
  "postal-mime",
  "shamir-secret-sharing",
  "openpgp",
  "modern-tar",
  "zod",
  // What draws documents, and packs it.
  "fflate",
  "libheif-js",
  "pdfjs-dist",
  // What tells the type of a document on the desk page, and its parts.
  "file-type",
  "strtok3",
  "token-types",
  "uint8array-extras",
  "ieee754",
  "debug",
  "ms",
  "@hpke/common",
  "@hpke/core",
  "altcha-lib",
  "shamir-secret-sharing",
  "@borewit",
  "@tokenizer",
  "qrcode",
  "dijkstrajs",
  "@orama/stemmers",
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
    expect(readdirSync(here).length).toBeGreaterThan(30);
    for (const name of readdirSync(here)) {
      const contents = readFileSync(join(here, name));
      expect(readFileSync(join(there, name)).equals(contents)).toBe(true);
      expect(contents.includes(ROOT)).toBe(false);
    }
  }, 300_000);
});
