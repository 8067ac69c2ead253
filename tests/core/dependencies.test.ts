import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
/** `import` and `export … from`, without `import type`, which loads nothing at run time. */
const IMPORT = /^(?:import|export)\s(?!type\s)[^;]*?from\s+"([^"]+)"/gm;

/** The packages that importing `path` loads, transitively. */
function packagesOf(path: string, seen = new Set<string>()): ReadonlySet<string> {
  const packages = new Set<string>();
  if (seen.has(path)) return packages;
  seen.add(path);
  for (const [, specifier = ""] of readFileSync(new URL(path, root), "utf8").matchAll(IMPORT)) {
    if (!specifier.startsWith(".")) packages.add(specifier);
    else {
      const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
      for (const each of packagesOf(target, seen)) packages.add(each);
    }
  }
  return packages;
}

describe("the packages that a folder loads", () => {
  it.each([
    ["src/core/index.ts", ["modern-tar"]],
    ["src/openpgp/packets/index.ts", ["modern-tar"]],
    ["src/openpgp/index.ts", ["modern-tar", "openpgp"]],
  ])("%s: %j", (path, packages) => {
    expect([...packagesOf(path)].sort()).toEqual(packages);
  });
});
