import { readdir, rename } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { isCaseFolder, isCaseId, submissionIdOf } from "../cases/index.js";
import { DELETIONS, dayOf, Fault, writeDeletionList } from "../core/index.js";
import { syncFolder } from "../files/index.js";
import { eraseFolder } from "./erase-folder.js";
import { eraseNotes } from "./erase-notes.js";
import { writeCaseIndex } from "./html/index.js";
import {
  DELETING,
  deletionsIn,
  putTextIntoOutbox,
  readTombstones,
  recordIn,
  sourceIn,
  type Tombstone,
  writeTombstone,
} from "./open/index.js";

/** `ambiguous`: several folders have that id. */
export class DeleteCaseError extends Fault<"unknown_case" | "ambiguous"> {}

export interface FoundCase {
  readonly caseId: string;
  /** Null if only an earlier run's rest is left. */
  readonly folder: string | null;
  /** Ciphertexts that it was opened from. */
  readonly submissions: Tombstone["submissions"];
}

/**
 * Finds a case to delete, by its folder or id. One that an earlier run began to delete is found by either.
 * @throws DeleteCaseError
 */
export async function findCaseToDelete(root: string, given: string): Promise<FoundCase> {
  const names = (await readdir(root)).filter(isCaseFolder).sort();
  const wanted = isCaseId(given)
    ? names.filter((name) => recordIn(join(root, name))?.caseId === given)
    : names.filter((name) => name === basename(resolve(given)));
  if (wanted.length > 1) {
    throw new DeleteCaseError("ambiguous", `several folders have this id, so name one of them: ${wanted.join(", ")}`);
  }
  const [name] = wanted;
  if (name === undefined) {
    const short = basename(resolve(given)).replace(/^submission-/, "");
    const known = [...readTombstones(root).values()].find(
      ({ caseId }) => caseId === given || (short.length >= 8 && caseId.startsWith(short.slice(0, 8))),
    );
    if (known === undefined) throw new DeleteCaseError("unknown_case", `there is no case ${given} in ${root}`);
    return { caseId: known.caseId, folder: null, submissions: known.submissions };
  }
  const folder = join(root, name);
  const record = recordIn(folder);
  if (record === null) throw new DeleteCaseError("unknown_case", `${folder} holds no case that can be read`);
  const inner = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const sources = [folder, ...inner.map((entry) => join(folder, entry.name))].map(sourceIn);
  const submissions = sources.flatMap(({ file, sha256 }) =>
    sha256 === null ? [] : [{ id: submissionIdOf(file), sha256 }],
  );
  return { caseId: record.caseId, folder, submissions };
}

/**
 * Deletes a case: its tombstone first, so that no run opens it again; then the server's list, the notes and the folder.
 * Whatever stops it, the same call goes on.
 * @param outbox folder that is carried to the server
 * @returns whether the server is asked to delete anything
 * @throws an error of the file system, or CaseNotesError
 */
export async function deleteCase(
  root: string,
  { caseId, folder, submissions }: FoundCase,
  outbox: string,
): Promise<boolean> {
  await writeTombstone(root, { caseId, day: dayOf(new Date()), submissions });
  const deletions = deletionsIn(readTombstones(root));
  if (deletions.length > 0) await putTextIntoOutbox(writeDeletionList(deletions), outbox, DELETIONS);
  const others = (await readdir(root)).filter(isCaseFolder).map((name) => join(root, name));
  const shared = others.some((other) => other !== folder && recordIn(other)?.caseId === caseId);
  if (!shared) await eraseNotes(root, caseId);
  if (folder !== null) {
    await rename(folder, join(root, `${DELETING}${caseId}-${basename(folder)}`));
    await syncFolder(root);
  }
  for (const name of await readdir(root))
    if (name.startsWith(`${DELETING}${caseId}-`)) await eraseFolder(join(root, name));
  await writeCaseIndex(root);
  return submissions.some(({ id }) => id !== null);
}
