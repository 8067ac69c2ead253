import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = new URL("../../", import.meta.url);

/** Where the installed program is: the folder of its package.json. */
export const INSTALLED_FOLDER = fileURLToPath(FOLDER);

/** The version of the installed program, as its package.json has it. */
export function installedVersion(): string {
  const described: unknown = JSON.parse(readFileSync(new URL("package.json", FOLDER), "utf8"));
  if (typeof described === "object" && described !== null && "version" in described) return String(described.version);
  throw new Error("package.json names no version");
}
