import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { addressKey, type CaseRecord, shortCase } from "../../cases/index.js";
import { syncFolder } from "./folder-sync.js";
import { recordIn } from "./record.js";
import { sourceIn } from "./source.js";

/**
 * Where a submission was put: in a folder of its own, in that of the case it follows up, or in one of its own because the
 * case that it follows up is not there.
 */
export type Place = "case" | "follow-up" | "alone";

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
  /** Folders in which names have been given or taken since {@link sync}. */
  readonly #touched = new Set<string>();

  private constructor(out: string) {
    this.#out = out;
  }

  /** Makes `out` if need be, sweeps what a killed run left in it, and learns what is there. */
  static async open(out: string): Promise<CaseFolders> {
    const folders = new CaseFolders(out);
    folders.#make();
    for (const name of foldersIn(out)) {
      const folder = join(out, name);
      if (name.startsWith(UNFINISHED)) {
        if (!isRunning(Number(name.slice(UNFINISHED.length).split("-")[0]))) rmSync(folder, { recursive: true });
      } else if (!name.startsWith(".")) {
        folders.#learn(folder);
      }
    }
    // A run that was cut short may have given names that are not on the disk yet.
    await folders.sync();
    return folders;
  }

  #make(): void {
    const out = resolve(this.#out);
    const made = mkdirSync(out, { recursive: true, mode: 0o700 });
    this.#touched.add(out);
    if (made === undefined) return;
    for (let name = out; name.length >= made.length; name = dirname(name)) this.#touched.add(dirname(name));
  }

  /** The folder that a file with this digest was opened into, or null. */
  find(sha256: string): string | null {
    return this.#byDigest.get(sha256) ?? null;
  }

  /** A new private folder, to be given to {@link keep} or thrown away. */
  begin(): string {
    const unfinished = join(this.#out, `${UNFINISHED}${process.pid}-${randomUUID()}`);
    mkdirSync(unfinished, { mode: 0o700 });
    return unfinished;
  }

  /**
   * Gives what is whole and on the disk in `unfinished` its name: nothing but its case id and its place decide on that. The name is
   * on the disk after {@link sync}.
   */
  keep(unfinished: string, record: CaseRecord, sha256: string): { folder: string; place: Place } {
    const first = record.followUp ? this.#firstCaseOf(record) : undefined;
    const folder = this.#moveToFreeName(
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
  bringHome(stray: string): string {
    const record = this.#alone.get(stray);
    const first = record && this.#firstCaseOf(record);
    if (record === undefined || first === undefined) throw new Error("the first case of this follow-up is not there");
    // Also if it fails: that is said once in a run, not after each file.
    this.#alone.delete(stray);
    const folder = this.#moveToFreeName(stray, followUpFolder(first, record));
    for (const [sha256, known] of this.#byDigest) if (known === stray) this.#byDigest.set(sha256, folder);
    return folder;
  }

  /** Has on the disk every name that was given or taken. */
  async sync(): Promise<void> {
    const touched = [...this.#touched];
    this.#touched.clear();
    await Promise.all(touched.map(syncFolder));
  }

  /** A second submission to one case stands beside the first, as `-2`. */
  #moveToFreeName(from: string, name: string): string {
    for (let number = 1; ; number += 1) {
      const folder = number === 1 ? name : `${name}-${number}`;
      if (existsSync(folder)) continue;
      renameSync(from, folder);
      this.#touched.add(dirname(from)).add(dirname(folder));
      return folder;
    }
  }

  #learn(folder: string): void {
    this.#learnDigest(folder);
    const record = recordIn(folder);
    if (record !== null) this.#place(folder, record);
    for (const name of foldersIn(folder)) {
      if (!name.startsWith(FOLLOW_UP)) continue;
      this.#learnDigest(join(folder, name));
      this.#touched.add(folder);
    }
  }

  #learnDigest(folder: string): void {
    const { sha256 } = sourceIn(folder);
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
