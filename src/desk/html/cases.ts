import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Case,
  type CaseAnswers,
  type CaseDocument,
  type CaseNote,
  type CaseRecord,
  type CaseSubmission,
  type ForeignNotes,
  foldNotes,
  isCaseFolder,
  MAX_LETTER_BYTES,
  MAX_NAME_CHARS,
  PICTURE_TYPES,
  packAnswer,
  withQuestions,
} from "../../cases/index.js";
import type { MailHeaders } from "../../core/index.js";
import { NO_NOTE, openCaseNotes } from "../case-notes.js";
import type { NoteLogs } from "../note-logs.js";
import { recordIn, sourceIn } from "../open/index.js";
import { CaseBudget } from "./case-budget.js";
import { DocumentDigests } from "./document-digests.js";
import { judgeDocument } from "./judge-document.js";

/** What was added to a case later, or encrypted in the mail that it is. */
const FOLLOW_UP = /^(?:follow-up|encrypted)-/;

/** Whether a name in a case's folder is that of one of those. */
export function isFollowUp(name: string): boolean {
  return FOLLOW_UP.test(name);
}

/** More than the longest letter of the form, as JSON, and another one. */
export const MAX_CASE_CHARS = 512 * 1024;
/** Documents of one submission. Each is opened to see what it is. */
const MAX_DOCUMENTS = 250;
const MAX_FOLLOW_UPS = 100;
/** A language tag, or the name of a way to encrypt. */
const MAX_WORD_CHARS = 35;

/** A folder that may hold a case. */
export interface CaseFolder {
  readonly name: string;
  readonly day: string;
}

/** The folders of cases in `folder`, newest day first. */
export function listCases(folder: string): CaseFolder[] {
  return newestFirst(namesIn(folder, isCaseFolder).map((name) => caseFolder(folder, name)));
}

/** The folder of that name in `folder`. */
export function caseFolder(folder: string, name: string): CaseFolder {
  return { name, day: sourceIn(join(folder, name)).day };
}

/** Newest day first; those of one day stay in their order. */
export function newestFirst(folders: readonly CaseFolder[]): CaseFolder[] {
  return [...folders].sort((left, right) => (left.day === right.day ? 0 : left.day < right.day ? 1 : -1));
}

export interface ReadingCases {
  /** All of the root, newest first, unless given. */
  readonly folders?: readonly CaseFolder[];
  /** Characters of JSON to which each case is shortened, besides some two hundred that every case takes. */
  readonly maxChars?: number;
  /** The notes, where they have been read already. */
  readonly notes?: Pick<NoteLogs, "book">;
}

/** The cases in those folders that hold one. @throws CaseNotesError */
export async function* readCases(
  root: string,
  { folders = listCases(root), maxChars = MAX_CASE_CHARS, notes }: ReadingCases = {},
): AsyncGenerator<Case> {
  const read = caseReader(root, notes ?? (await openCaseNotes(root)));
  for (const each of folders) {
    const one = await read(each, maxChars);
    if (one !== null) yield one;
  }
}

/** Reads one case of `root` within so many characters, with the notes as they are now; null where there is none. */
export function caseReader(
  root: string,
  { book }: Pick<NoteLogs, "book">,
): (folder: CaseFolder, maxChars: number) => Promise<Case | null> {
  const notes = foldNotes(book.all());
  return (folder, maxChars) => readCase(root, folder, notes, new CaseBudget(maxChars));
}

function namesIn(folder: string, fits: (name: string) => boolean): string[] {
  const names = readdirSync(folder).filter(fits);
  return names.sort();
}

async function readCase(
  root: string,
  { name, day }: CaseFolder,
  notes: ReadonlyMap<string, CaseNote>,
  budget: CaseBudget,
): Promise<Case | null> {
  const record = recordIn(join(root, name));
  const submission = record && (await readSubmission(root, name, day, record, budget));
  if (record === null || submission === null) return null;
  const { caseId: id, language, encrypted, address, mail, foreign } = record;
  const followUps = await readFollowUps(root, name, budget);
  return {
    ...submission,
    id,
    language: language.slice(0, MAX_WORD_CHARS),
    encrypted: encrypted.slice(0, MAX_WORD_CHARS),
    ...(mail !== undefined && { mail: shortenedHeaders(mail) }),
    ...(foreign !== undefined && { foreign: shortenedNotes(foreign, budget) }),
    answerable: address !== null,
    followUps,
    ...(notes.get(id) ?? NO_NOTE),
    ...(budget.shortened ? { shortened: true } : {}),
  };
}

function shortenedHeaders({ from, to, date, sender }: MailHeaders): MailHeaders {
  const headers = { from: shortened(from), to: shortened(to), date: shortened(date) };
  if (sender === undefined) return headers;
  const { spf, dkim, dmarc, proved } = sender;
  const checks = { spf: shortened(spf), dkim: shortened(dkim), dmarc: shortened(dmarc), proved: shortened(proved) };
  return { ...headers, sender: checks };
}

function shortened(text: string): string {
  return text.slice(0, MAX_NAME_CHARS);
}

function shortenedNotes({ signers, leftOut }: ForeignNotes, budget: CaseBudget): ForeignNotes {
  return {
    signers: signers.filter((each) => budget.take(each)),
    leftOut: leftOut.filter((each) => budget.take(each)),
  };
}

async function readFollowUps(root: string, name: string, budget: CaseBudget): Promise<CaseSubmission[]> {
  const names = namesIn(join(root, name), isFollowUp);
  if (names.length > MAX_FOLLOW_UPS) budget.shortened = true;
  const found: CaseSubmission[] = [];
  for (const inner of names.slice(0, MAX_FOLLOW_UPS)) {
    const folder = `${name}/${inner}`;
    const record = recordIn(join(root, folder));
    const { day } = sourceIn(join(root, folder));
    if (record === null || !budget.take({ folder, day, letter: "", answers: {}, documents: [] })) continue;
    const followUp = await readSubmission(root, folder, day, record, budget);
    const { foreign } = record;
    if (followUp === null) continue;
    found.push({ ...followUp, ...(foreign !== undefined && { foreign: shortenedNotes(foreign, budget) }) });
  }
  return found;
}

/** Null if it cannot be read. */
async function readSubmission(
  root: string,
  folder: string,
  day: string,
  { names, answers }: CaseRecord,
  budget: CaseBudget,
): Promise<CaseSubmission | null> {
  try {
    const { text, whole } = readBeginning(join(root, folder, "letter.txt"));
    const letter = budget.takeLetter(text);
    const told = fittingAnswers(withQuestions(answers, text), letter, budget);
    const documents: CaseDocument[] = [];
    const digests = new DocumentDigests(join(root, folder));
    if (!whole || names.size > MAX_DOCUMENTS) budget.shortened = true;
    for (const [entry, name] of [...names].slice(0, MAX_DOCUMENTS)) {
      const document = await readDocument({ root, folder, digests }, entry, name.slice(0, MAX_NAME_CHARS));
      if (document === null) continue;
      // Those after it are not looked at: that takes time, and they would not fit.
      if (!budget.take(document)) break;
      documents.push(document);
    }
    await digests.save();
    return { folder, day, letter, answers: told, documents };
  } catch {
    return null;
  }
}

/** Those that still fit, the smallest first: a long one is in the letter as well. */
function fittingAnswers(answers: CaseAnswers, letter: string, budget: CaseBudget): CaseAnswers {
  const packed = Object.entries(answers).map(([id, answer]) => [id, packAnswer(answer, letter)] as const);
  const sized = packed.map((each) => ({ each, chars: JSON.stringify(each).length }));
  sized.sort((left, right) => left.chars - right.chars);
  const fitting = new Set(sized.filter(({ each }) => budget.take(each)).map(({ each: [id] }) => id));
  return Object.fromEntries(Object.entries(answers).filter(([id]) => fitting.has(id)));
}

/** The first {@link MAX_LETTER_BYTES} of a text. */
function readBeginning(path: string): { readonly text: string; readonly whole: boolean } {
  const { size } = statSync(path);
  const bytes = new Uint8Array(Math.min(size, MAX_LETTER_BYTES));
  const file = openSync(path, "r");
  try {
    const read = readSync(file, bytes);
    return { text: new TextDecoder().decode(bytes.subarray(0, read)), whole: read === size };
  } finally {
    closeSync(file);
  }
}

/** Null for a path outside the submission's folder of documents, and for a file that cannot be read. */
async function readDocument(
  { root, folder, digests }: { readonly root: string; readonly folder: string; readonly digests: DocumentDigests },
  entry: string,
  name: string,
): Promise<CaseDocument | null> {
  if (!/^files\/[^/\\]+$/.test(entry) || entry === "files/.." || entry === "files/.") return null;
  const path = join(root, folder, entry);
  try {
    const about = statSync(path);
    const { type, warnings, contents } = await judgeDocument(path, name);
    const picture = type !== null && PICTURE_TYPES.includes(type);
    const sha256 = await digests.of(entry, about, contents);
    const document = { name, path: `${folder}/${entry}`, bytes: about.size, type, picture, warnings };
    return sha256 === null ? document : { ...document, sha256 };
  } catch {
    return null;
  }
}
