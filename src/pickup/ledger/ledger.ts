import { z } from "zod";
import type { StaffFolder } from "./staff-folder.js";

const FILE = "ledger.jsonl";

const id = z.string().regex(/^[0-9a-f]{32}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("collected"), id, sha256, by: z.string(), day }),
  z.object({ kind: z.literal("opened"), id, sha256, day }),
  z.object({ kind: z.literal("removed"), id }),
]);

/** An event of a submission: collected by staff, opened at the desk, or removed here. */
export type LedgerEntry = z.infer<typeof entry>;

/** The progress of a submission. */
export interface Progress {
  /** The first download or export: by whom, the UTC day, and the SHA-256 of the copy. */
  readonly collected: { readonly by: string; readonly day: string; readonly sha256: string } | null;
  /** The UTC day on which the desk's acknowledgement was imported. */
  readonly opened: string | null;
}

const NEW: Progress = { collected: null, opened: null };

/** The progress of each submission, in an append-only file with one JSON object per line. */
export class Ledger {
  readonly #folder: StaffFolder;

  constructor(folder: StaffFolder) {
    this.#folder = folder;
  }

  /** @throws StaffFolderError */
  async read(): Promise<LedgerState> {
    const state = new Map<string, Progress>();
    for (const line of ((await this.#folder.read(FILE)) ?? "").split("\n")) {
      const found = parse(line);
      if (found === null) continue;
      const before = state.get(found.id) ?? NEW;
      if (found.kind === "removed") state.delete(found.id);
      else if (found.kind === "opened") state.set(found.id, { ...before, opened: before.opened ?? found.day });
      else state.set(found.id, { ...before, collected: before.collected ?? found });
    }
    return new LedgerState(state);
  }

  /** Resolves after fsync. @throws StaffFolderError */
  async add(entries: readonly LedgerEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const lines = entries.map((each) => JSON.stringify(each));
    await this.#folder.change(() => this.#folder.append(FILE, lines));
  }
}

/** The ledger as read at one moment. */
export class LedgerState {
  readonly #progress: ReadonlyMap<string, Progress>;

  constructor(progress: ReadonlyMap<string, Progress>) {
    this.#progress = progress;
  }

  of(submission: string): Progress {
    return this.#progress.get(submission) ?? NEW;
  }

  isNew(submission: string): boolean {
    const { collected, opened } = this.of(submission);
    return collected === null && opened === null;
  }
}

/** Skips a truncated or damaged line: staff then just repeat that step. */
function parse(line: string): LedgerEntry | null {
  if (line === "") return null;
  try {
    return entry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
