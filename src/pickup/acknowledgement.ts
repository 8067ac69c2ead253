import { type Acknowledgement, dayOf, type OpenedSubmission } from "../core/index.js";
import { nullIfNotFound, type Submissions } from "../store/index.js";
import { digestOf, digestsOf } from "./digest.js";
import type { Ledger, LedgerEntry } from "./ledger/index.js";

/** The result of importing an acknowledgement. */
export interface Acknowledged {
  /** Newly marked as opened. */
  readonly marked: number;
  /** Marked before, or no longer stored. */
  readonly known: number;
  /** Ids whose digest at the desk differs from the one here: not marked. */
  readonly different: readonly string[];
}

/**
 * Marks the submissions that the desk opened, if their digest matches the bytes stored here.
 * @throws StoreError or StaffFolderError; nothing is marked then
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
  for (const each of new Map(acknowledgement.opened.map((one) => [one.id, one])).values()) {
    const { id } = each;
    const { opened, collected } = state.of(id);
    if (opened !== null) continue;
    const here = await digestHere(submissions, each, collected?.sha256).catch(nullIfNotFound);
    if (here === null) continue;
    if (here.same) entries.push({ kind: "opened", id, sha256: here.sha256, day: dayOf(now) });
    else different.push(id);
  }
  await ledger.add(entries);
  const all = new Set(acknowledgement.opened.map(({ id }) => id)).size;
  return { marked: entries.length, known: all - entries.length - different.length, different };
}

/**
 * Uses the SHA-256 from when the submission was copied; hashes the stored bytes if there is none or the desk hashed
 * blocks.
 */
async function digestHere(submissions: Submissions, opened: OpenedSubmission, copied: string | undefined) {
  if ("blocksSha256" in opened) {
    const { sha256, blocksSha256 } = await digestsOf(submissions, opened.id);
    return { sha256, same: blocksSha256 === opened.blocksSha256 };
  }
  const sha256 = copied ?? (await digestOf(submissions, opened.id));
  return { sha256, same: sha256 === opened.sha256 };
}
