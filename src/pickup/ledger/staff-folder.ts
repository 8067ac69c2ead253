import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../core/index.js";
import { appendLines, isMissing, LOCK_FAULTS, type LockFault, replaceFile, withLock } from "../../files/index.js";

/**
 * `locked`: another process has held the lock for too long, or has taken it meanwhile. `damaged`: a file has been
 * altered.
 */
export class StaffFolderError extends Fault<"locked" | "damaged" | "io"> {}

const LOCK = {
  retries: { retries: 100, minTimeout: 20, maxTimeout: 200, factor: 1.2 },
  staleMs: 10_000,
};

/**
 * The folder with the staff's accounts and records of what they did. The web server and commands use it concurrently,
 * so every change happens under a lock, and files are either replaced atomically or only appended to.
 */
export class StaffFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Creates the folder if it is missing. @throws StaffFolderError */
  static async open(path: string): Promise<StaffFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      if (((await stat(path)).mode & 0o077) !== 0) {
        throw new StaffFolderError("io", `${path} can be read by others; run chmod 700 ${path}`);
      }
    } catch (cause) {
      if (cause instanceof StaffFolderError) throw cause;
      throw new StaffFolderError("io", `${path} cannot be used`, { cause });
    }
    return new StaffFolder(path);
  }

  /** Runs `change` under the lock. @throws StaffFolderError `locked` */
  async change<Result>(change: () => Promise<Result>): Promise<Result> {
    const failed = (fault: LockFault, cause: unknown) =>
      new StaffFolderError("locked", `${this.#path} ${LOCK_FAULTS[fault]}; try again`, { cause });
    return withLock({ ...LOCK, path: join(this.#path, ".lock") }, change, failed);
  }

  /** The text of a file, or null if it does not exist. @throws StaffFolderError */
  async read(name: string): Promise<string | null> {
    return readFile(join(this.#path, name), "utf8").catch((cause: unknown) => {
      if (isMissing(cause)) return null;
      throw new StaffFolderError("io", `${join(this.#path, name)} cannot be read`, { cause });
    });
  }

  /** Replaces a file atomically; resolves after fsync. @throws StaffFolderError */
  async write(name: string, text: string): Promise<void> {
    const path = join(this.#path, name);
    await replaceFile(path, text).catch((cause: unknown) => {
      throw new StaffFolderError("io", `${path} cannot be written`, { cause });
    });
  }

  /** Appends lines; resolves after fsync. A truncated last line stays on a line by itself. @throws StaffFolderError */
  async append(name: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const path = join(this.#path, name);
    await appendLines(path, lines).catch((cause: unknown) => {
      throw new StaffFolderError("io", `${path} cannot be written`, { cause });
    });
  }
}
