import { join } from "node:path";
import { type CheckResult, fault, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";

/** Written by the package, and read by the units and by /usr/bin/postern. */
const SETTINGS = "/etc/postern/postern.env";
/** What runs, and what visitors' browsers are given. */
const PARTS = ["", "package.json", "dist", "dist/cli", "dist/cli/main.js", "public", "public/build"];
const OTHERS_WRITE = 0o022;
const OWNER_WRITE = 0o200;

/**
 * Who can change the program or its settings can read every letter: neither other users nor the portal's own may.
 * @param program the folder with the program's package.json
 * @param store its owner is the portal's user
 */
export async function checkProgram(machine: Machine, program: string, store: string): Promise<readonly CheckResult[]> {
  const user = (await machine.about(store))?.uid ?? null;
  const found: CheckResult[] = [];
  for (const path of [SETTINGS, ...PARTS.map((part) => join(program, part))]) {
    const about = await machine.about(path);
    if (about === null) continue;
    if ((about.mode & OTHERS_WRITE) !== 0) {
      const mode = (about.mode & 0o777).toString(8).padStart(3, "0");
      found.push(fault(`other users can change ${path} (${mode})`, `chmod go-w ${path}`));
    } else if (about.uid === user && user !== 0 && (about.mode & OWNER_WRITE) !== 0) {
      found.push(warning(`the portal's user can change ${path}`, `chown root ${path}`));
    }
  }
  return orOk(found, "the portal's user cannot change the program or its settings");
}
