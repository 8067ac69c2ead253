import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The blocks of commands in docs/OPERATIONS.md, each as `heading N`. */
const blocks = new Map<string, string>(
  read("docs/OPERATIONS.md")
    .split(/^(?=#+ )/m)
    .flatMap((section) => {
      const heading = section.slice(0, section.indexOf("\n"));
      return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
        ([, commands = ""], index) => [`${heading} ${index + 1}`, commands] as const,
      );
    }),
);
/** What the scripts take from the page. */
const run = [
  ...[...read("tests/install/run").matchAll(/\bblock "(#+ [^"]+)" (\d)/g)].map(([, heading, n]) => `${heading} ${n}`),
  ...[...read("tests/install/containers").matchAll(/\bsteps (\d)/g)].map(([, n]) => `### In containers ${n}`),
];

/** What no machine without a network can do, or another test does. */
const NOT_RUN = [
  // Makes the unit by hand; tests/deploy reads the same files.
  "### Without the package 1",
  // No authority certifies a name here. tests/deploy/proxies.test.ts asks nginx for a challenge of the kind.
  "### Behind a proxy with TLS 1",
  // tests/deploy/files.test.ts loads the rules into the kernel.
  "### Behind a proxy with TLS 2",
  // tests/cli/store-copy.test.ts copies stores.
  "## Moving a store 1",
  // Settings, not commands.
  "## Several machines: an object store 1",
];

it("each block of commands is run on a clean machine by npm run install-test, or named here", () => {
  expect([...blocks.keys()].sort()).toEqual([...new Set([...run, ...NOT_RUN])].sort());
});

it.each([...blocks])("reads as a shell reads it: %s", (_name, commands) => {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: commands, encoding: "utf8" });
  expect(status, stderr).toBe(0);
});

it("tells how many lines are typed from a bare machine to a letter over Tor", () => {
  const [portal = 0, tor = 0] = ["## The portal 1", "### Behind Tor 1"].map(
    (name) => blocks.get(name)?.trim().split("\n").length,
  );
  expect(read("docs/OPERATIONS.md")).toContain(
    `${portal + tor} lines are typed below: ${portal} for the portal, and ${tor} for Tor`,
  );
});

it("names only files that the package has", () => {
  const packed = read("scripts/release/debian.mjs");
  const named = [...blocks.values()].flatMap((commands) =>
    commands.includes("/usr/share/doc/postern/examples") ? [...commands.matchAll(/install -m 0644 (\S+) /g)] : [],
  );
  expect(named.length).toBeGreaterThan(3);
  for (const [, name = ""] of named) {
    expect(existsSync(new URL(`../../deploy/${name}`, import.meta.url)), name).toBe(true);
    expect(packed).toContain(`"${name}"`);
  }
});
