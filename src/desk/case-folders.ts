import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addressKey, type CaseRecord, shortCase } from "../cases/index.js";
import { recordIn } from "./record.js";

/**
 * Where a submission was put: in a folder of its own, in that of the case it follows up, or in one of its own because the
 * case that it follows up is not there.
 */
export type Place = "case" | "follow-up" | "alone";

/** What a case's folder remembers of the file it was opened from. */
interface Source {
  readonly file: string;
  readonly sha256: string;
  /** The day on which it came, UTC, as far as the file tells. */
  readonly day: string;
}

const SOURCE = "source.json";
const FOLLOW_UP = "follow-up-";
/** Followed by the number of the process at work, so that what a killed one left can be told from what is under way. */
const UNFINISHED = ".opening-";

/** The folders of the cases below one folder: which file each was opened from, and which follow up which. */
export class CaseFolders {
  readonly #out: string;
  /** Folders by the digest of the file they were opened from. */
  readonly #byDigest = new Map<string, string>();
  /** Folders of first cases by their address. */
  readonly #firstCases = new Map<string, string>();
  /** Follow-ups by the folder of their own that they lie in. */
  readonly #alone = new Map<string, CaseRecord>();

  private constructor(out: string) {
    this.#out = out;
  }

  /** Makes `out` if need be, sweeps what a killed run left in it, and learns what is there. */
  static async open(out: string): Promise<CaseFolders> {
    const folders = new CaseFolders(out);
    await mkdir(out, { recursive: true, mode: 0o700 });
    for (const name of await foldersIn(out)) {
      const folder = join(out, name);
      if (name.startsWith(UNFINISHED)) {
        if (!isRunning(Number(name.slice(UNFINISHED.length).split("-")[0]))) await rm(folder, { recursive: true });
      } else if (!name.startsWith(".")) {
        await folders.#learn(folder);
      }
    }
    return folders;
  }

  /** The folder that a file with this digest was opened into, or null. */
  find(sha256: string): string | null {
    return this.#byDigest.get(sha256) ?? null;
  }

  /** A new private folder, to be given to {@link keep} or thrown away. */
  async begin(): Promise<string> {
    const unfinished = join(this.#out, `${UNFINISHED}${process.pid}-${randomBytes(8).toString("hex")}`);
    await mkdir(unfinished, { mode: 0o700 });
    return unfinished;
  }

  /** Notes beside what has been opened where it came from, and has it all on the disk. */
  async settle(unfinished: string, source: Source): Promise<void> {
    await writeFile(join(unfinished, SOURCE), `${JSON.stringify(source, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await syncTree(unfinished);
  }

  /** Gives what is settled in `unfinished` its name: nothing but its case id and its place decide on that. */
  async keep(unfinished: string, record: CaseRecord, sha256: string): Promise<{ folder: string; place: Place }> {
    const first = record.followUp ? this.#firstCaseOf(record) : undefined;
    const folder = await moveToFreeName(
      unfinished,
      first === undefined ? join(this.#out, `submission-${shortCase(record)}`) : followUpFolder(first, record),
    );
    this.#byDigest.set(sha256, folder);
    if (first !== undefined) return { folder, place: "follow-up" };
    this.#place(folder, record);
    return { folder, place: record.followUp ? "alone" : "case" };
  }

  /** Follow-ups that lie alone although their first case is there. */
  strays(): string[] {
    return [...this.#alone].flatMap(([folder, record]) => (this.#firstCaseOf(record) === undefined ? [] : [folder]));
  }

  /** Moves a stray, with whatever staff have put into its folder, to its first case. Returns its new folder. */
  async bringHome(stray: string): Promise<string> {
    const record = this.#alone.get(stray);
    const first = record && this.#firstCaseOf(record);
    if (record === undefined || first === undefined) throw new Error("the first case of this follow-up is not there");
    // Also if it fails: that is said once in a run, not after each file.
    this.#alone.delete(stray);
    const folder = await moveToFreeName(stray, followUpFolder(first, record));
    for (const [sha256, known] of this.#byDigest) if (known === stray) this.#byDigest.set(sha256, folder);
    return folder;
  }

  async #learn(folder: string): Promise<void> {
    await this.#learnDigest(folder);
    const record = await recordIn(folder);
    if (record !== null) this.#place(folder, record);
    for (const name of await foldersIn(folder)) {
      if (name.startsWith(FOLLOW_UP)) await this.#learnDigest(join(folder, name));
    }
  }

  async #learnDigest(folder: string): Promise<void> {
    const sha256 = await readDigest(join(folder, SOURCE));
    if (sha256 !== null) this.#byDigest.set(sha256, folder);
  }

  #place(folder: string, record: CaseRecord): void {
    if (record.followUp) this.#alone.set(folder, record);
    else if (record.address !== null && this.#firstCaseOf(record) === undefined) {
      this.#firstCases.set(addressKey(record), folder);
    }
  }

  #firstCaseOf(record: CaseRecord): string | undefined {
    return this.#firstCases.get(addressKey(record));
  }
}

function followUpFolder(first: string, record: CaseRecord): string {
  return join(first, `${FOLLOW_UP}${shortCase(record)}`);
}

/** Names in the order of code units, so that every run decides alike. Links are not followed. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Null where the folder is not one of ours, or somebody has changed it: then its file is opened anew. */
async function readDigest(source: string): Promise<string | null> {
  try {
    const { sha256 } = JSON.parse(await readFile(source, "utf8")) as Partial<Source>;
    return sha256 ?? null;
  } catch {
    return null;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}

/** A second submission to one case stands beside the first, as `-2`. */
async function moveToFreeName(from: string, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? name : `${name}-${number}`;
    const free = await stat(folder).then(
      () => false,
      () => true,
    );
    if (!free) continue;
    await rename(from, folder);
    return folder;
  }
}

/** Everything is on the disk before it gets its name, so that a power failure leaves no half-written case. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  // Windows cannot open a folder.
  const synced = process.platform === "win32" ? entries.filter((entry) => entry.isFile()) : entries;
  const paths = synced.map((entry) => join(entry.parentPath, entry.name));
  // All at once: the disk then has one thing to write, not one after the other.
  await Promise.all(
    (process.platform === "win32" ? paths : [...paths, folder]).map(async (path) => {
      const handle = await open(path, "r");
      await handle.sync().finally(() => handle.close());
    }),
  );
}
