import { readFileSync } from "node:fs";

/** The version of the installed program, as its package.json has it. */
export function installedVersion(): string {
  const described: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  if (typeof described === "object" && described !== null && "version" in described) return String(described.version);
  throw new Error("package.json names no version");
}
