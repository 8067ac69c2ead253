import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { engines, devDependencies } = JSON.parse(read("package.json")) as {
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
};
/** The oldest version that Postern runs on: `package.json` says it, and everything else repeats it. */
const OLDEST = /^>=(\d+\.\d+)$/.exec(engines.node)?.[1] ?? "";
const major = (version: string) => Number(version.split(".")[0]);

describe("which Node Postern runs on", () => {
  it.each(["README.md", "CONTRIBUTING.md", "docs/OPERATIONS.md", "docs/STAFF.md", "docs/STAFF.uk.md"])(
    "is said as package.json says it: %s",
    (path) => {
      const said = [...read(path).matchAll(/Node (\d+(?:\.\d+)?) (?:or newer|або новіший)/g)].map(
        ([, version]) => version,
      );
      expect(said).toEqual([OLDEST]);
    },
  );

  it("is what the types are of, so that nothing newer is called", () => {
    expect(major(devDependencies["@types/node"] ?? "")).toBe(major(OLDEST));
  });

  it("includes that of the container: an active LTS, which the tests also run on", () => {
    const version = /^ARG BASE=node:([\d.]+)-/m.exec(read("deploy/Dockerfile"))?.[1] ?? "";
    expect(major(version)).toBeGreaterThanOrEqual(24);
    expect(major(version) % 2, "even majors become LTS").toBe(0);
    const tested = /versions: \{ type: "string", default: "([\d,]+)" \}/
      .exec(read("scripts/nodes.mjs"))?.[1]
      ?.split(",");
    expect(tested).toContain(String(major(version)));
  });
});
