import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unsupportedNode } from "../../src/cli/supported-node.js";

it.each(["20.19.0", "20.20.2", "22.0.0", "24.1.0"])("Node %s is supported", (version) => {
  expect(unsupportedNode(version)).toBeNull();
});

it.each(["18.20.4", "20.18.9", "12.0.0"])("Node %s is named, with what is needed", (version) => {
  expect(unsupportedNode(version)).toBe(`Postern needs Node 20.19 or newer, and this is ${version}`);
});

it("is the version of package.json", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(engines.node).toBe(">=20.19");
});
