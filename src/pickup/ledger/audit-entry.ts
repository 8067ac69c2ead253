import { createHash } from "node:crypto";
import { z } from "zod";

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
  | "staff_removed"
  /** Closes lines that cannot be read, such as one that a crash cut off. */
  | "cut_off";

export interface AuditRecord {
  /** UTC, to the hour: `2026-11-23T14`. */
  readonly at: string;
  /** A staff member's name, `shell:` and the user who ran a command, or `postern`. */
  readonly who: string;
  readonly action: AuditAction;
  /** Number of submissions, replies or unreadable lines. */
  readonly count?: number;
  /** The staff member added or removed. */
  readonly whom?: string;
  /** Digest of the unreadable lines that this entry closes, joined by line feeds. */
  readonly sha256?: string;
}

/** The hash before the first entry. */
export const BEGINNING = "0".repeat(64);

const schema = z
  .object({ previous: z.string(), hash: z.string(), action: z.string().optional(), sha256: z.string().optional() })
  .loose();

/** The members of a line that form the hash chain. */
export type ChainedEntry = z.infer<typeof schema>;

/** Null for a line that cannot be read as an entry. */
export function readEntry(line: string | undefined): ChainedEntry | null {
  try {
    return schema.safeParse(JSON.parse(line ?? "")).data ?? null;
  } catch {
    return null;
  }
}

/** The line for `record`, and its hash, which the next line must name. */
export function writeEntry(record: AuditRecord, previous: string): { readonly line: string; readonly hash: string } {
  const text = JSON.stringify({ ...record, previous });
  const hash = digest(text);
  return { line: `${text.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** Whether the hash in a line is that of the line. */
export function isIntact(line: string, { hash }: ChainedEntry): boolean {
  // The hash covers the line without its own member `hash`, the last one.
  return digest(line.replace(`,"hash":"${hash}"}`, "}")) === hash;
}

/** Whether an entry follows the one with the hash `previous`, with `unreadable` lines between them. */
export function follows(entry: ChainedEntry, previous: string, unreadable: readonly string[]): boolean {
  const closing = entry.action === "cut_off";
  if (unreadable.length === 0) return entry.previous === previous && !closing;
  const closes = closing && entry.sha256 === digestOfLines(unreadable);
  // Version 0.1.0 wrote no closing entry: its next entry names the digest of the unreadable line as the hash before it.
  return (closes && entry.previous === previous) || entry.previous === digestOfLines(unreadable);
}

export function digestOfLines(lines: readonly string[]): string {
  return digest(lines.join("\n"));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
