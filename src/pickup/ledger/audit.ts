import { Fault } from "../../core/index.js";
import { type AuditRecord, BEGINNING, digestOfLines, follows, isIntact, readEntry, writeEntry } from "./audit-entry.js";
import type { StaffFolder } from "./staff-folder.js";

const FILE = "audit.jsonl";

/** `broken`: a line was changed, removed or inserted. `head_missing`: the end was cut off. */
export class AuditError extends Fault<"broken" | "head_missing"> {}

export interface VerifiedTrail {
  /** Number of readable entries. */
  readonly count: number;
  /** The hash of the last one, hex. */
  readonly head: string;
  /** Numbers of the lines that cannot be read, from 1. */
  readonly cutOff: readonly number[];
}

/**
 * A log of what staff did, without anything about submitters. Each line contains the hash of the line before, so
 * changing or removing one breaks all lines after it.
 */
export class AuditTrail {
  readonly #folder: StaffFolder;
  readonly #now: () => Date;

  constructor(folder: StaffFolder, now: () => Date = () => new Date()) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Closes unreadable lines at the end with an entry that says so, then adds `record`. @throws StaffFolderError */
  async add(record: Omit<AuditRecord, "at">): Promise<void> {
    const at = this.#now().toISOString().slice(0, 13);
    await this.#folder.change(async () => {
      const { lines } = await this.#read();
      const last = lines.findLastIndex((line) => readEntry(line) !== null);
      const before = readEntry(lines[last])?.hash ?? BEGINNING;
      const unreadable = lines.slice(last + 1);
      if (unreadable.length === 0) {
        await this.#folder.append(FILE, [writeEntry({ at, ...record }, before).line]);
        return;
      }
      const sha256 = digestOfLines(unreadable);
      const closing = writeEntry({ at, who: "postern", action: "cut_off", count: unreadable.length, sha256 }, before);
      await this.#folder.append(FILE, [closing.line, writeEntry({ at, ...record }, closing.hash).line]);
    });
  }

  /**
   * Checks the hash chain. Passes over lines that cannot be read if the next entry closes them, or if they are the
   * unfinished end.
   * @param head a hash noted earlier, hex: only with it can a cut-off end be detected
   * @throws AuditError that names the first line that does not fit
   */
  async verify(head?: string): Promise<VerifiedTrail> {
    const { lines, finished } = await this.#read();
    let previous = BEGINNING;
    let seen = head === undefined || head === BEGINNING;
    let unreadable: string[] = [];
    const cutOff: number[] = [];
    for (const [index, line] of lines.entries()) {
      const entry = readEntry(line);
      if (entry === null) {
        unreadable.push(line);
        cutOff.push(index + 1);
        continue;
      }
      if (!follows(entry, previous, unreadable)) throw broken(index + 1 - unreadable.length);
      if (!isIntact(line, entry)) throw broken(index + 1);
      unreadable = [];
      previous = entry.hash;
      seen ||= previous === head;
    }
    if (unreadable.length > 0 && finished) throw broken(lines.length + 1 - unreadable.length);
    if (!seen)
      throw new AuditError("head_missing", "the audit trail does not reach the hash given: its end was cut off");
    return { count: lines.length - cutOff.length, head: previous, cutOff };
  }

  /** `finished`: whether the last line ends in a line feed. */
  async #read(): Promise<{ readonly lines: readonly string[]; readonly finished: boolean }> {
    const text = (await this.#folder.read(FILE)) ?? "";
    return { lines: text.split("\n").filter((line) => line !== ""), finished: text.endsWith("\n") };
  }
}

function broken(line: number): AuditError {
  return new AuditError("broken", `line ${line} of the audit trail was changed, or one before it removed`);
}
