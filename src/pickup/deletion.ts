import type { DeletedSubmission } from "../core/index.js";
import { nullIfNotFound, StoreError, type Submissions } from "../store/index.js";
import { digestOf } from "./digest.js";
import type { Ledger } from "./ledger/index.js";

/** What the desk asks to delete, compared with the store. Nothing is deleted yet. */
export interface AskedDeletions {
  /** Ids of submissions that have the same bytes here. */
  readonly ids: readonly string[];
  /** How many are no longer here. */
  readonly gone: number;
  /** Ids whose digest at the desk differs from the one here. */
  readonly different: readonly string[];
}

/** @throws StoreError or StaffFolderError */
export async function compareDeletions(
  asked: readonly DeletedSubmission[],
  submissions: Submissions,
  ledger: Ledger,
): Promise<AskedDeletions> {
  const state = await ledger.read();
  const ids: string[] = [];
  const different: string[] = [];
  for (const { id, sha256 } of asked) {
    if ((await submissions.find(id).catch(nullIfNotFound)) === null) continue;
    const here = state.of(id).collected?.sha256 ?? (await digestOf(submissions, id).catch(nullIfNotFound));
    if (here === sha256) ids.push(id);
    else if (here !== null) different.push(id);
  }
  return { ids, gone: asked.length - ids.length - different.length, different };
}

/** Deletes submissions, and returns how many were there. @throws StoreError or StaffFolderError */
export async function removeSubmissions(
  ids: readonly string[],
  submissions: Submissions,
  ledger: Ledger,
): Promise<number> {
  let count = 0;
  for (const id of ids) {
    const gone = await submissions.remove(id).then(
      () => true,
      (cause: unknown) => {
        if (cause instanceof StoreError && cause.code === "not_found") return false;
        throw cause;
      },
    );
    if (gone) count += 1;
  }
  await ledger.add(ids.map((id) => ({ kind: "removed", id })));
  return count;
}
