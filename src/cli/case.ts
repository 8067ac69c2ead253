import { basename, join, resolve } from "node:path";
import { CaseNotesError, type CaseStatus, readCases, writeCaseIndex, writeCaseNote } from "../desk/index.js";

export interface CaseSetOptions {
  readonly status?: CaseStatus;
  readonly note?: string;
  readonly out: string;
}

/** `postern case set`: what staff write about a case; the index follows. */
export async function setCase(given: string, { status, note, out }: CaseSetOptions): Promise<void> {
  process.umask(0o077);
  const cases = await readCases(out);
  const found = cases.find(({ id, folder }) => id === given || folder === basename(given));
  if (found === undefined) throw new CaseNotesError("unknown_case", `there is no case ${given} in ${out}`);
  const change = { ...(status === undefined ? {} : { status }), ...(note === undefined ? {} : { note }) };
  const changed = await writeCaseNote(out, found.id, change);
  process.stdout.write(`${join(out, found.folder)}  ${changed.status}\n`);
  await writeCaseIndex(out);
}

/** `postern index`: writes the index of cases anew. */
export async function indexCommand(out: string): Promise<void> {
  process.umask(0o077);
  process.stdout.write(`${resolve(await writeCaseIndex(out))}\n`);
}
