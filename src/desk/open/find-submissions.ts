import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSubmissionFile } from "../../cases/index.js";
import { OpenError } from "./outcome.js";

/**
 * Lists every submission in `paths`: files as given, and the submissions in folders, sorted by name.
 * @throws OpenError `unreadable`
 */
export async function findSubmissions(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const about = await stat(path).catch((cause: unknown) => {
      throw new OpenError("unreadable", `${path} cannot be read`, { cause });
    });
    if (!about.isDirectory()) found.push(path);
    else
      found.push(
        ...(await readdir(path))
          .filter(isSubmissionFile)
          .map((name) => join(path, name))
          .sort(),
      );
  }
  return found;
}
