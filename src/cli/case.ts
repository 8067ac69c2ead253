import { basename, join, resolve } from "node:path";
import type { Case } from "../cases/index.js";
import { CaseNotesError, type CaseStatus, readCases, writeCaseIndex, writeCaseNote } from "../desk/index.js";

export interface CaseSetOptions {
  readonly status?: CaseStatus;
  readonly note?: string;
  readonly out: string;
}

/** `postern case set`: what staff write about a case; the index follows. */
export async function setCase(given: string, { status, note, out }: CaseSetOptions): Promise<void> {
  process.umask(0o077);
  const found = await findCase(out, given);
  if (found === null) throw new CaseNotesError("unknown_case", `there is no case ${given} in ${out}`);
  const change = { ...(status === undefined ? {} : { status }), ...(note === undefined ? {} : { note }) };
  const changed = await writeCaseNote(out, found.id, change);
  process.stdout.write(`${join(out, found.folder)}  ${changed.status}\n`);
  await writeCaseIndex(out);
}

async function findCase(out: string, given: string): Promise<Case | null> {
  for await (const one of readCases(out)) if (one.id === given || one.folder === basename(given)) return one;
  return null;
}

/** `postern index`: writes the index of cases anew. */
export async function indexCommand(out: string): Promise<void> {
  process.umask(0o077);
  process.stdout.write(`${resolve(await writeCaseIndex(out))}\n`);
}
