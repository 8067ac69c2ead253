import type { Dirent, Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Entries of /proc and /sys may also vanish while they are read. */
const MISSING = new Set(["ENOENT", "ENOTDIR", "ENODEV", "EINVAL", "ESRCH"]);

/** Reads files of the system, such as /proc, /sys and /etc, below `root`. */
export class Machine {
  readonly #root: string;

  constructor(root = "/") {
    this.#root = root;
  }

  /** The text of a file, or null if there is none. */
  async read(path: string): Promise<string | null> {
    return readFile(join(this.#root, path), "utf8").catch(nullIfMissing);
  }

  /** About a file or folder, or null if there is none. */
  async about(path: string): Promise<Stats | null> {
    return stat(join(this.#root, path)).catch(nullIfMissing);
  }

  /** Names in a folder; none if there is no folder. */
  async list(path: string): Promise<string[]> {
    return (await readdir(join(this.#root, path)).catch(nullIfMissing)) ?? [];
  }

  /** Paths of all files below a folder, including links to files. */
  async walk(path: string): Promise<string[]> {
    const entries: Dirent[] =
      (await readdir(join(this.#root, path), { withFileTypes: true }).catch(nullIfMissing)) ?? [];
    const found = entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => (entry.isDirectory() ? this.walk(join(path, entry.name)) : [join(path, entry.name)]));
    return (await Promise.all(found)).flat();
  }

  /** Files that match a glob whose only wildcard is `*`, in the last segment. */
  async match(pattern: string): Promise<string[]> {
    const folder = join(pattern, "..");
    const name = pattern.slice(pattern.lastIndexOf("/") + 1);
    if (!name.includes("*")) return [pattern];
    const shape = new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    const names = (await this.list(folder)).filter((each) => shape.test(each) && !each.startsWith("."));
    return names.sort().map((each) => join(folder, each));
  }
}

function nullIfMissing(cause: unknown): null {
  if (cause instanceof Error && "code" in cause && MISSING.has(String(cause.code))) return null;
  throw cause;
}
