import { dirname, join, resolve } from "node:path";
import { DELETIONS, Fault } from "../core/index.js";
import { deleteCase, findCaseToDelete } from "../desk/index.js";
import { printable } from "./printable.js";
import { readLine } from "./read-line.js";

export class CaseDeleteError extends Fault<"not_confirmed"> {}

export interface CaseDeleteOptions {
  readonly out: string;
  /** Folder that is carried to the server; `outbox` beside the cases unless given. */
  readonly outbox?: string;
  readonly yes?: boolean;
}

const KEPT = `what a disk may keep:
  flash media and SSDs keep blocks that were overwritten, until they need them; snapshots and backups keep the files
  the old index.html held this letter too; it was written anew, not overwritten
  tables that you saved, printed pages, handed over parts and other desks are not reached: delete it there as well
  the ciphertext on the courier's medium opens again elsewhere: delete the files of these numbers
`;

/**
 * `postern case delete`: removes a case here, and asks the server to delete its copies.
 * @param given folder or id of the case
 * @throws DeleteCaseError or CaseDeleteError
 */
export async function removeCase(given: string, options: CaseDeleteOptions): Promise<void> {
  process.umask(0o077);
  const { out, outbox = join(dirname(out), "outbox"), yes } = options;
  // Paths that are compared have to be written alike.
  const root = resolve(out);
  const found = await findCaseToDelete(root, given);
  const short = found.caseId.slice(0, 8);
  if (yes !== true) {
    const typed = await readLine(`to delete ${found.folder ?? short} for ever, type ${short}: `);
    if (typed.trim() !== short) throw new CaseDeleteError("not_confirmed", "nothing was deleted");
  }
  const asked = await deleteCase(root, found, outbox);
  process.stdout.write(`deleted ${printable(found.folder ?? short)}\n`);
  for (const { id, sha256 } of found.submissions) process.stdout.write(`${id ?? "no number"}  ${sha256}\n`);
  if (asked) {
    const list = join(outbox, DELETIONS);
    process.stderr.write(`carry ${printable(list)} to the server, where a manager has to confirm it\n`);
    process.stderr.write("answers that wait there for the submitter stay: the server does not know whose they are\n");
  }
  process.stderr.write(KEPT);
}
