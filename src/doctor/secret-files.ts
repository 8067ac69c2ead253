import type { Stats } from "node:fs";
import { type CheckResult, fault, orOk } from "./check.js";
import type { Machine } from "./machine.js";
import { octal } from "./permissions.js";

const GROUP = 0o070;
const ANYONE = 0o007;
const ROOT = 0;

/** Only root and the portal may read the files that hold keys and passwords. */
export async function checkSecretFiles(
  machine: Machine,
  files: readonly string[],
  store: string,
): Promise<readonly CheckResult[]> {
  const portal = await machine.about(store);
  const found: CheckResult[] = [];
  for (const path of files) {
    const about = await machine.about(path);
    if (about === null) found.push(fault(`there is no ${path}`, "bring it back from the backup, or name another file"));
    else found.push(...faultsOf(path, about, portal));
  }
  return orOk(found, `${files.join(", ")}: for root and the portal only`);
}

function faultsOf(path: string, about: Stats, portal: Stats | null): CheckResult[] {
  const { mode, uid, gid } = about;
  const found: CheckResult[] = [];
  if ((mode & ANYONE) !== 0) found.push(fault(`${path} is open to other users (${octal(about)})`, `chmod o= ${path}`));
  if ((mode & GROUP) !== 0 && ![ROOT, portal?.gid].includes(gid)) {
    found.push(fault(`${path} is open to group ${gid} (${octal(about)})`, `chmod g= ${path}`));
  }
  if (![ROOT, portal?.uid].includes(uid)) found.push(fault(`${path} belongs to user ${uid}`, `chown root ${path}`));
  return found;
}
