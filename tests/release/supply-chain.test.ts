import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
// @ts-expect-error: scripts are plain JavaScript, so that they run before anything is built.
import { licences, licencesPage } from "../../scripts/licences.mjs";
// @ts-expect-error: as above
import { releaseNotes } from "../../scripts/notes.mjs";
// @ts-expect-error: as above
import { sbom } from "../../scripts/sbom.mjs";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const project = JSON.parse(read("package.json")) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** Licences under which something may be part of an AGPL program. */
const FREE =
  /^\(?(?:MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|LGPL-3\.0(?:\+|-or-later)?)\)?$/;

describe("what others have written", () => {
  it("is listed with its licence: run node scripts/licences.mjs if this fails", () => {
    expect(read("docs/LICENCES.md")).toBe(licencesPage());
  });

  it("may all be part of this", () => {
    const found = licences() as { readonly name: string; readonly licence: string }[];
    expect(found.length).toBeGreaterThan(Object.keys(project.dependencies).length);
    for (const { name, licence } of found) expect(licence, name).toMatch(FREE);
  });

  it("is pinned to one version, and none of it runs a script when it is installed", () => {
    for (const [name, version] of Object.entries({ ...project.dependencies, ...project.devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
    expect(read(".npmrc")).toMatch(/^ignore-scripts=true$/m);
    expect(read(".npmrc")).toMatch(/^save-exact=true$/m);
  });

  it.each(["worker", "curves", "desk", "open-worker"])(
    "is named in the first line of the bundle %s, the LGPL with it",
    (name) => {
      const file = readdirSync(new URL("public/build/", ROOT)).find((each) => each.startsWith(`${name}-`)) ?? "";
      expect(read(`public/build/${file}`).slice(0, 200)).toContain("openpgp.js, LGPL-3.0-or-later");
    },
  );

  it("is named in desk.html, which is carried around by itself", () => {
    expect(read("dist/desk.html")).toContain("openpgp.js, LGPL-3.0-or-later");
  });
});

describe("the list of parts that goes with a release", () => {
  const text = sbom() as string;
  const document = JSON.parse(text) as {
    readonly bomFormat: string;
    readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
    readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
  };

  it("is CycloneDX of this version, the same each time it is made", () => {
    expect(document.bomFormat).toBe("CycloneDX");
    expect(document.metadata.component).toMatchObject({ name: "postern", version: project.version });
    expect(sbom()).toBe(text);
    expect(text).not.toMatch(/serialNumber|timestamp/);
  });

  it("has every dependency in the version that is installed, and none that is only for development", () => {
    const parts = new Map(document.components.map(({ name, version }) => [name, version]));
    for (const [name, version] of Object.entries(project.dependencies)) {
      expect(parts.get(name), name).toBe(version);
    }
    for (const name of ["vitest", "typescript", "esbuild"]) expect(parts.has(name), name).toBe(false);
  });
});

describe("the notes of a release", () => {
  const sums = `${"a".repeat(64)}  desk.html\n`;
  const plain =
    "# Changelog\n\n## Unreleased\n\n- Next.\n\n## 1.2.3 (2026-11-24)\n\n- This.\n\n## 1.2.2 (2026-11-01)\n\n- Old.\n";
  const linked = plain.replace("Unreleased", "[Unreleased]").replace(/(1\.2\.\d) \((.*)\)/g, "[$1] - $2");

  it.each([plain, linked])("name the SHA-256 of desk.html, and what is new in this version alone", (changelog) => {
    const notes = releaseNotes("1.2.3", changelog, sums) as string;
    expect(notes).toContain(`## SHA-256\n\n\`\`\`\n${sums}\`\`\`\n`);
    expect(notes).toContain("- This.");
    expect(notes).not.toMatch(/Next|Old/);
  });

  it.each([plain, linked])("of a version that is not named yet are what is unreleased", (changelog) => {
    expect(releaseNotes("9.9.9", changelog, sums)).toContain("- Next.");
    expect(() => releaseNotes("9.9.9", "# Changelog\n", sums)).toThrow("CHANGELOG.md says nothing of 9.9.9");
  });
});
