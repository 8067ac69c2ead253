import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Case,
  type CaseDocument,
  type CaseSubmission,
  MAX_LETTER_BYTES,
  PICTURE_TYPES,
} from "../../cases/index.js";
import { type CaseNote, NO_NOTE, readCaseNotes } from "../case-notes.js";
import { recordIn, sourceIn } from "../open/index.js";
import { judgeDocument } from "./judge-document.js";

const FOLDER = /^submission-[0-9a-f]{8}(?:-\d+)?$/;
const FOLLOW_UP = /^follow-up-/;

/** Every case in `folder`, newest day first. Skips folders that are not ours. */
export async function* readCases(folder: string): AsyncGenerator<Case> {
  const notes = await readCaseNotes(folder);
  const found = namesIn(folder, FOLDER).map((name) => ({ name, day: sourceIn(join(folder, name)).day }));
  found.sort((left, right) => (left.day === right.day ? 0 : left.day < right.day ? 1 : -1));
  for (const { name, day } of found) {
    const read = await readCase(folder, name, day, notes);
    if (read !== null) yield read;
  }
}

function namesIn(folder: string, pattern: RegExp): string[] {
  const names = readdirSync(folder).filter((name) => pattern.test(name));
  return names.sort();
}

async function readCase(
  folder: string,
  name: string,
  day: string,
  notes: Readonly<Record<string, CaseNote>>,
): Promise<Case | null> {
  const read = await readSubmission(folder, name, day);
  if (read === null) return null;
  const followUps: CaseSubmission[] = [];
  for (const inner of namesIn(join(folder, name), FOLLOW_UP)) {
    const path = `${name}/${inner}`;
    const followUp = await readSubmission(folder, path, sourceIn(join(folder, path)).day);
    if (followUp !== null) followUps.push(followUp.submission);
  }
  const { caseId: id, language, encrypted, address, choices, foreign } = read.record;
  return {
    ...read.submission,
    id,
    language,
    encrypted,
    ...(foreign && { foreign }),
    answerable: address !== null,
    choices,
    followUps,
    ...(notes[id] ?? NO_NOTE),
  };
}

async function readSubmission(root: string, folder: string, day: string) {
  const path = join(root, folder);
  try {
    const record = recordIn(path);
    if (record === null) return null;
    const { size } = statSync(join(path, "letter.txt"));
    const letter = size > MAX_LETTER_BYTES ? "" : readFileSync(join(path, "letter.txt"), "utf8");
    const documents: CaseDocument[] = [];
    for (const [entry, name] of record.names) {
      const document = await readDocument(root, folder, entry, name);
      if (document !== null) documents.push(document);
    }
    return { record, submission: { folder, day, letter, documents } };
  } catch {
    return null;
  }
}

/** Null for a path outside the submission's folder of documents, and for a file that cannot be read. */
async function readDocument(root: string, folder: string, entry: string, name: string): Promise<CaseDocument | null> {
  if (!/^files\/[^/\\]+$/.test(entry) || entry === "files/.." || entry === "files/.") return null;
  const path = join(root, folder, entry);
  try {
    const { size } = statSync(path);
    const { type, warnings } = await judgeDocument(path, name);
    const picture = type !== null && PICTURE_TYPES.includes(type);
    return { name, path: `${folder}/${entry}`, bytes: size, type, picture, warnings };
  } catch {
    return null;
  }
}
