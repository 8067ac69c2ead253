import { type Acknowledgement, dayOf, type OpenedSubmission } from "../core/index.js";
import { nullIfNotFound, type Submissions } from "../store/index.js";
import { digestOf, digestsOf } from "./digest.js";
import type { Ledger, LedgerEntry } from "./ledger/index.js";

/** What became of an acknowledgement. */
export interface Acknowledged {
  readonly marked: number;
  /** Marked before, or no longer here. */
  readonly known: number;
  /** Ids of submissions that the desk opened otherwise than they are here: they stay as they were. */
  readonly different: readonly string[];
}

/**
 * Marks as opened exactly the submissions that the desk opened: the same bytes as are here, by their SHA-256.
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

/** What was copied is what is here; what nobody has copied, or was hashed otherwise at the desk, has to be looked at. */
async function digestHere(submissions: Submissions, opened: OpenedSubmission, copied: string | undefined) {
  if ("blocksSha256" in opened) {
    const { sha256, blocksSha256 } = await digestsOf(submissions, opened.id);
    return { sha256, same: blocksSha256 === opened.blocksSha256 };
  }
  const sha256 = copied ?? (await digestOf(submissions, opened.id));
  return { sha256, same: sha256 === opened.sha256 };
}
