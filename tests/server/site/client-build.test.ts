import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadClientBuild, loadEarlierScripts } from "../../../src/server/site/client-build.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "postern-build-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the client's build", () => {
  it("names the licences of what is in it", () => {
    const { usual, rare } = loadClientBuild();
    for (const { contents } of [usual, rare].flatMap(({ main, worker, entries }) => [main, worker, ...entries])) {
      expect(contents.toString().slice(0, 200)).toMatch(/AGPL-3\.0-or-later.*openpgp\.js, LGPL-3\.0-or-later/);
    }
  });

  it.each([
    ["nothing", () => rmSync(join(folder, "copy"), { recursive: true })],
    ["a part too few", (part: string) => rmSync(join(folder, "copy", part))],
    ["a part that is not what its name says", (part: string) => appendFileSync(join(folder, "copy", part), ";")],
  ])("is refused at the start if there is %s", (_what, damage) => {
    cpSync(join(ROOT, "public/build"), join(folder, "copy"), { recursive: true });
    const copy = pathToFileURL(`${folder}/copy/`);
    const [part] = loadClientBuild(copy).usual.parts;
    damage(basename(part?.path ?? ""));
    expect(() => loadClientBuild(copy)).toThrow("npm run build");
  });

  it("is in parts that pass where a connection is silenced after some 25 packets", () => {
    const { usual, rare } = loadClientBuild();
    for (const { main, client, forward, later, parts, older, entries } of [usual, rare]) {
      for (const { path, contents } of [main, ...client, ...forward, ...later, ...parts, ...older, ...entries]) {
        expect(gzipSync(contents, { level: 9 }).length, path).toBeLessThan(7 * 1024);
      }
    }
  });

  it("keeps the scripts of earlier builds, and serves those that are what their names say", () => {
    const [part] = loadClientBuild().usual.parts;
    const name = basename(part?.path ?? "");
    for (const each of [name, "part-0123456789abcdef.js", "../../evil.js", "builds.json"]) {
      writeFileSync(join(folder, basename(each)), part?.contents ?? "");
    }
    expect(loadEarlierScripts(pathToFileURL(`${folder}/`)).map(({ path }) => path)).toEqual([`/build/${name}`]);
    expect(loadEarlierScripts(pathToFileURL(`${folder}/nothing/`))).toEqual([]);
  });
});
