import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type CaseRecord, shortCase } from "../../cases/index.js";
import { syncFolder } from "../../files/index.js";
import { KnownCases } from "./known-cases.js";
import { writeFault } from "./outcome.js";
import { recordIn } from "./record.js";
import { sourceIn } from "./source.js";
import { readTombstones, tombstonePath } from "./tombstone.js";

/**
 * Where a submission was put: into its own folder as a case, into the folder of the case that it follows up or of the
 * mail that it came in, or alone into its own folder because the case that it follows up is missing.
 */
export type Place = "case" | "follow-up" | "alone";

const FOLLOW_UP = "follow-up-";
const ENCRYPTED = "encrypted-";
/** Followed by a process id, which tells the leftovers of a killed run from work in progress. */
export const UNFINISHED = ".opening-";

/** Begins the name of a folder that is being deleted. */
export const DELETING = ".deleting-";

/** The folders of the cases below one folder. */
export class CaseFolders {
  readonly #out: string;
  readonly #known = new KnownCases();
  /** Folders in which names changed since the last {@link sync}. */
  readonly #unsynced = new Set<string>();

  private constructor(out: string) {
    this.#out = out;
  }

  /** Creates `out` if needed, removes the leftovers of killed runs, and reads what is there. */
  static async open(out: string): Promise<CaseFolders> {
    const folders = new CaseFolders(out);
    folders.#create();
    for (const name of foldersIn(out)) {
      const folder = join(out, name);
      if (name.startsWith(UNFINISHED)) {
        if (!isRunning(Number(name.slice(UNFINISHED.length).split("-")[0]))) rmSync(folder, { recursive: true });
      } else if (name.startsWith(DELETING)) {
        // A run was killed that had begun to delete a case.
        rmSync(folder, { recursive: true, force: true });
      } else if (!name.startsWith(".")) {
        folders.#read(folder);
      }
    }
    // What was deleted is not opened again.
    for (const [caseId, { submissions }] of readTombstones(out)) {
      for (const { sha256 } of submissions) folders.#known.addDigest(sha256, tombstonePath(out, caseId));
    }
    // An interrupted run may have renamed folders without syncing.
    await folders.sync();
    return folders;
  }

  #create(): void {
    const out = resolve(this.#out);
    const created = mkdirSync(out, { recursive: true, mode: 0o700 });
    this.#unsynced.add(out);
    if (created === undefined) return;
    for (let name = out; name.length >= created.length; name = dirname(name)) this.#unsynced.add(dirname(name));
  }

  /** The folder that a file with this digest was opened into, or null. */
  find(sha256: string): string | null {
    return this.#known.find(sha256);
  }

  /** Creates a private folder, to be passed to {@link keep} or deleted. */
  begin(): string {
    const unfinished = join(this.#out, `${UNFINISHED}${process.pid}-${randomUUID()}`);
    try {
      mkdirSync(unfinished, { mode: 0o700 });
    } catch (cause) {
      throw writeFault(cause);
    }
    return unfinished;
  }

  /**
   * Gives a synced folder its name, which depends only on the case id and the place. {@link sync} brings the name to
   * disk.
   */
  keep(unfinished: string, record: CaseRecord, sha256: string): { folder: string; place: Place } {
    const first = this.#known.firstCaseOf(record);
    const folder = this.#moveToFreeName(
      unfinished,
      first === undefined ? join(this.#out, `submission-${shortCase(record)}`) : innerFolder(first, record),
    );
    this.#known.addDigest(sha256, folder);
    if (first !== undefined) return { folder, place: "follow-up" };
    this.#known.add(folder, record);
    return { folder, place: record.followUp ? "alone" : "case" };
  }

  /** Folders that lie alone although the case that they belong to is there. */
  strays(): string[] {
    return this.#known.strays();
  }

  /** Moves a stray to its first case, with whatever staff added to its folder. Returns its new folder. */
  moveToFirstCase(stray: string): string {
    // Not a stray any more even if the move fails: the failure is reported once per run.
    const record = this.#known.takeAlone(stray);
    const first = record && this.#known.firstCaseOf(record);
    if (record === undefined || first === undefined) throw new Error("the case that this belongs to is not there");
    const folder = this.#moveToFreeName(stray, innerFolder(first, record));
    this.#known.moved(stray, folder);
    return folder;
  }

  /** Syncs every name that changed. */
  async sync(): Promise<void> {
    const unsynced = [...this.#unsynced];
    this.#unsynced.clear();
    await Promise.all(unsynced.map((folder) => syncFolder(folder)));
  }

  /** If the name is taken, tries the suffixes `-2`, `-3` and so on. */
  #moveToFreeName(from: string, name: string): string {
    for (let number = 1; ; number += 1) {
      const folder = number === 1 ? name : `${name}-${number}`;
      if (existsSync(folder)) continue;
      renameSync(from, folder);
      this.#unsynced.add(dirname(from)).add(dirname(folder));
      return folder;
    }
  }

  #read(folder: string): void {
    this.#readDigest(folder);
    const record = recordIn(folder);
    if (record !== null) this.#known.add(folder, record);
    for (const name of foldersIn(folder)) {
      if (!name.startsWith(FOLLOW_UP) && !name.startsWith(ENCRYPTED)) continue;
      this.#readDigest(join(folder, name));
      this.#unsynced.add(folder);
    }
  }

  #readDigest(folder: string): void {
    const { sha256 } = sourceIn(folder);
    if (sha256 !== null) this.#known.addDigest(sha256, folder);
  }
}

function innerFolder(first: string, record: CaseRecord): string {
  return join(first, `${record.foreign ? ENCRYPTED : FOLLOW_UP}${shortCase(record)}`);
}

/** Sorted by code units, so that every run decides alike. Links are not followed. */
function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
