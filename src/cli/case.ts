import { basename, join, resolve } from "node:path";
import { type Case, MAX_NOTE_CHARS } from "../cases/index.js";
import { CaseNotesError, type CaseStatus, readCases, writeCaseIndex, writeCaseNote } from "../desk/index.js";
import { readLine } from "./read-line.js";

export interface CaseSetOptions {
  readonly status?: CaseStatus;
  /** Adds standard input, which no history of commands keeps: a line of a terminal, or all there is. */
  readonly note?: true;
  readonly by?: string;
  readonly out: string;
}

/**
 * `postern case set`: changes staff's note on a case, and rebuilds the index.
 * @param given folder or id of the case
 * @throws CaseNotesError
 */
export async function setCase(given: string, { status, note, by, out }: CaseSetOptions): Promise<void> {
  process.umask(0o077);
  const found = await findCase(out, given);
  if (found === null) throw new CaseNotesError("unknown_case", `there is no case ${given} in ${out}`);
  const change = {
    ...(status === undefined ? {} : { status }),
    ...(await noteOf(note)),
    ...(by === undefined ? {} : { by }),
  };
  const changed = await writeCaseNote(out, found.id, change);
  process.stdout.write(`${join(out, found.folder)}  ${changed.status}\n`);
  await writeCaseIndex(out);
}

async function noteOf(asked: true | undefined): Promise<{ readonly addNote?: string }> {
  if (asked === undefined) return {};
  const text = process.stdin.isTTY === true ? await readLine("note: ") : await readAll();
  return text.trim() === "" ? {} : { addNote: text.trim() };
}

/** All of standard input, as far as a note may be long. */
async function readAll(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) {
    text += String(part);
    if (text.length > MAX_NOTE_CHARS) break;
  }
  return text.slice(0, MAX_NOTE_CHARS);
}

async function findCase(out: string, given: string): Promise<Case | null> {
  for await (const one of readCases(out)) if (one.id === given || one.folder === basename(given)) return one;
  return null;
}

/** `postern index`: rebuilds the index of cases. */
export async function indexCases(out: string): Promise<void> {
  process.umask(0o077);
  process.stdout.write(`${resolve(await writeCaseIndex(out))}\n`);
}
