import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../../core/index.js";
import type { StaffFolder } from "./staff-folder.js";

const FILE = "audit.jsonl";
const BEGINNING = "0".repeat(64);

export type AuditAction =
  | "signed_in"
  | "sign_in_refused"
  | "signed_out"
  | "collected"
  | "acknowledged"
  | "deleted"
  | "pruned"
  | "replies_brought"
  | "staff_added"
  | "staff_removed";

export interface AuditRecord {
  /** UTC, to the hour: `2026-11-23T14`. */
  readonly at: string;
  /** A staff member's name, or `shell:` and the user who ran a command. */
  readonly who: string;
  readonly action: AuditAction;
  /** Number of submissions or replies. */
  readonly count?: number;
  /** The staff member added or removed. */
  readonly whom?: string;
}

const entry = z.object({ previous: z.string(), hash: z.string() }).loose();

/** `broken`: a line was changed, removed or inserted. `head_missing`: the end was cut off. */
export class AuditError extends Fault<"broken" | "head_missing"> {}

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

  /** @throws StaffFolderError */
  async add(record: Omit<AuditRecord, "at">): Promise<void> {
    const at = this.#now().toISOString().slice(0, 13);
    await this.#folder.change(async () => {
      const lines = await this.#lines();
      const previous = hashIn(lines.at(-1)) ?? BEGINNING;
      const text = JSON.stringify({ at, ...record, previous });
      await this.#folder.append(FILE, [JSON.stringify({ at, ...record, previous, hash: digest(text) })]);
    });
  }

  /**
   * Checks the hash chain.
   * @param head a hash noted earlier, hex: only with it can a cut-off end be detected
   * @throws AuditError that names the first line that does not fit
   */
  async verify(head?: string): Promise<{ readonly count: number; readonly head: string }> {
    const lines = await this.#lines();
    let previous = BEGINNING;
    let seen = head === undefined || head === BEGINNING;
    lines.forEach((line, index) => {
      const fields = fieldsOf(line);
      const hash = fields?.hash ?? "";
      // The hash covers the line without its own member `hash`, the last one.
      const hashed = line.replace(`,"hash":"${hash}"}`, "}");
      const follows = fields !== null && fields.previous === previous && digest(hashed) === hash;
      if (!follows)
        throw new AuditError("broken", `line ${index + 1} of the audit trail was changed, or one before it removed`);
      previous = hash;
      seen ||= hash === head;
    });
    if (!seen)
      throw new AuditError("head_missing", "the audit trail does not reach the hash given: its end was cut off");
    return { count: lines.length, head: previous };
  }

  async #lines(): Promise<readonly string[]> {
    return ((await this.#folder.read(FILE)) ?? "").split("\n").filter((line) => line !== "");
  }
}

function fieldsOf(line: string) {
  try {
    return entry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function hashIn(line: string | undefined): string | null {
  return line === undefined ? null : (fieldsOf(line)?.hash ?? digest(line));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
