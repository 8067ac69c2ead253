import { writeFile } from "node:fs/promises";

/**
 * Writes a file that is not there yet, for its owner alone, and syncs it. What there is of it after an error stays.
 * @throws an error of the file system, EEXIST if there is one
 */
export function writeNewFile(path: string, contents: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  return writeFile(path, contents, { flag: "wx", mode: 0o600, flush: true });
}
