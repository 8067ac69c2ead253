import { type Acknowledgement, dayOf } from "../core/index.js";
import { StoreError, type Submissions } from "../store/index.js";
import { digestOf } from "./digest.js";
import type { Ledger, LedgerEntry } from "./ledger.js";

/** What became of an acknowledgement. */
export interface Acknowledged {
  readonly marked: number;
  /** Marked before, or no longer here. */
  readonly known: number;
  /** Ids of submissions that the desk opened otherwise than they are here: they stay as they were. */
  readonly different: readonly string[];
}

/**
 * Marks as opened exactly the submissions that the desk opened: the same octets as are here, by their SHA-256.
 * @throws StoreError or StaffFolderError; then nothing is marked
 */
export async function acknowledge(
  acknowledgement: Acknowledgement,
  submissions: Submissions,
  ledger: Ledger,
  now: Date,
): Promise<Acknowledged> {
  const state = await ledger.read();
  const entries: LedgerEntry[] = [];
  const different: string[] = [];
  for (const { id, sha256 } of new Map(acknowledgement.opened.map((each) => [each.id, each])).values()) {
    const { opened, collected } = state.of(id);
    if (opened !== null) continue;
    // What was copied is what is here; what nobody has copied from here has to be looked at.
    const here = collected?.sha256 ?? (await digestOf(submissions, id).catch(ifThere));
    if (here === null) continue;
    if (here === sha256) entries.push({ kind: "opened", id, sha256, day: dayOf(now) });
    else different.push(id);
  }
  await ledger.add(entries);
  const all = new Set(acknowledgement.opened.map(({ id }) => id)).size;
  return { marked: entries.length, known: all - entries.length - different.length, different };
}

function ifThere(cause: unknown): null {
  if (cause instanceof StoreError && cause.code === "not_found") return null;
  throw cause;
}
