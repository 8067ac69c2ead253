import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";

const DENIED = new Set(["EACCES", "EPERM"]);

/** Why a file system call was denied, naming a folder and its owner, never a file; null for any other error. */
export function explainNoAccess(cause: Error): string | null {
  if (!("code" in cause) || !DENIED.has(String(cause.code))) return null;
  const user = process.geteuid?.() ?? "?";
  const path = "path" in cause && typeof cause.path === "string" ? cause.path : null;
  const found = path === null ? null : culprit(path, user);
  if (found === null) return `user ${user} may not use a file of the store`;
  const { folder, uid, mode, within } = found;
  const what = within ? `a file in ${folder}` : folder;
  const owner = `it belongs to user ${uid} and has mode ${(mode & 0o777).toString(8).padStart(4, "0")}`;
  const cure = "give everything in the store to the portal's user with chown -R";
  return `user ${user} may not use ${what}: ${owner}; ${cure}`;
}

interface Culprit {
  readonly folder: string;
  readonly uid: number;
  readonly mode: number;
  /** Whether it is a file in the folder that belongs to them. */
  readonly within: boolean;
}

/** The innermost file or folder on the way to `path` that belongs to another user, or the innermost folder. */
function culprit(path: string, user: number | string): Culprit | null {
  let innermost: Culprit | null = null;
  for (let at = path; ; at = dirname(at)) {
    const stats = look(at);
    if (stats !== null) {
      const within = !stats.isDirectory();
      const found = { folder: within ? dirname(at) : at, uid: stats.uid, mode: stats.mode, within };
      if (stats.uid !== user) return found;
      innermost ??= found;
    }
    if (at === dirname(at)) return innermost;
  }
}

function look(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}
