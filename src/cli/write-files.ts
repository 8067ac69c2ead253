import { chmod, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../core/index.js";

export class WriteError extends Fault<"exists"> {}

export interface NewFile {
  readonly path: string;
  readonly contents: string | Uint8Array;
  readonly mode: number;
}

/** Writes all of `files` and syncs them, or none. @throws WriteError if one is there already */
export async function writeAllOrNone(files: readonly NewFile[]): Promise<void> {
  for (const { path } of files) {
    await mkdir(dirname(path), { recursive: true });
    const taken = await stat(path).then(
      () => true,
      () => false,
    );
    if (taken) throw new WriteError("exists", `${path} already exists`);
  }
  const written: string[] = [];
  try {
    for (const { path, contents, mode } of files) {
      const file = await open(path, "wx", 0o600);
      written.push(path);
      try {
        await file.writeFile(contents);
        await file.sync();
      } finally {
        await file.close();
      }
      // Past the umask: the portal reads certificates as another user.
      await chmod(path, mode);
    }
  } catch (cause) {
    for (const path of written) await rm(path, { force: true });
    throw cause;
  }
}
