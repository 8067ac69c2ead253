import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type CaseNote, NO_NOTE, readCaseNotes } from "./case-notes.js";
import { judgeDocument, PICTURES, type Warning } from "./document-kind.js";

/** One submission as the index shows it. Every text in it is somebody else's. */
export interface IndexedSubmission {
  /** Path below the cases' folder, `/`-separated. */
  readonly folder: string;
  readonly day: string;
  readonly letter: string;
  readonly documents: readonly IndexedDocument[];
}

export interface IndexedDocument {
  /** As it was given. */
  readonly name: string;
  /** Path below the cases' folder. */
  readonly path: string;
  readonly bytes: number;
  readonly type: string | null;
  readonly picture: boolean;
  readonly warnings: readonly Warning[];
}

export interface IndexedCase extends IndexedSubmission {
  readonly id: string;
  readonly language: string;
  readonly encrypted: string;
  readonly answerable: boolean;
  /** Question's words and those of the choices made, by question id. */
  readonly choices: Readonly<Record<string, { readonly question: string; readonly chosen: readonly string[] }>>;
  readonly followUps: readonly IndexedSubmission[];
  readonly status: string;
  readonly note: string;
}

const FOLDER = /^submission-[0-9a-f]{8}(?:-\d+)?$/;
const FOLLOW_UP = /^follow-up-/;
const ID = /^[0-9a-f]{32}$/;
const LONGEST_LETTER = 4 * 1024 * 1024;

/** What the index reads of a record; whatever else is in it, or is not what it should be, counts as not there. */
const record = z.object({
  case: z.string().regex(ID),
  language: z.string().catch(""),
  encrypted: z.string().catch(""),
  reply: z.unknown().optional(),
  files: z.array(z.object({ entry: z.string(), name: z.string() }).catch({ entry: "", name: "" })).catch([]),
  choices: z
    .record(
      z.string(),
      z
        .object({ question: z.string(), chosen: z.array(z.object({ label: z.string() })) })
        .catch({ question: "", chosen: [] }),
    )
    .catch({}),
});

/** Every case in `folder`, one after the other, the newest day first. A folder that is none of ours is passed over. */
export async function* readCases(folder: string): AsyncGenerator<IndexedCase> {
  const notes = await readCaseNotes(folder);
  const found: { readonly name: string; readonly day: string }[] = [];
  for (const name of (await readdir(folder)).filter((each) => FOLDER.test(each)).sort()) {
    found.push({ name, day: await dayIn(join(folder, name)) });
  }
  found.sort((left, right) => (left.day === right.day ? 0 : left.day < right.day ? 1 : -1));
  for (const { name } of found) {
    const read = await readCase(folder, name, notes);
    if (read !== null) yield read;
  }
}

async function readCase(
  folder: string,
  name: string,
  notes: Readonly<Record<string, CaseNote>>,
): Promise<IndexedCase | null> {
  const read = await readSubmission(folder, name);
  if (read === null) return null;
  const followUps: IndexedSubmission[] = [];
  for (const inner of (await readdir(join(folder, name))).filter((each) => FOLLOW_UP.test(each)).sort()) {
    const followUp = await readSubmission(folder, `${name}/${inner}`);
    if (followUp !== null) followUps.push(followUp.submission);
  }
  const { case: id, language, encrypted, reply, choices } = read.record;
  const described = Object.entries(choices).map(
    ([question, { question: words, chosen }]) =>
      [question, { question: words, chosen: chosen.map(({ label }) => label) }] as const,
  );
  return {
    ...read.submission,
    id,
    language,
    encrypted,
    answerable: typeof reply === "object" && reply !== null,
    choices: Object.fromEntries(described),
    followUps,
    ...(notes[id] ?? NO_NOTE),
  };
}

async function readSubmission(root: string, folder: string) {
  const path = join(root, folder);
  try {
    const read = record.parse(JSON.parse(await readFile(join(path, "submission.json"), "utf8")));
    const { size } = await stat(join(path, "letter.txt"));
    const letter = size > LONGEST_LETTER ? "" : await readFile(join(path, "letter.txt"), "utf8");
    const documents: IndexedDocument[] = [];
    for (const { entry, name } of read.files) {
      const document = await readDocument(root, folder, entry, name);
      if (document !== null) documents.push(document);
    }
    return { record: read, submission: { folder, day: await dayIn(path), letter, documents } };
  } catch {
    return null;
  }
}

/** Only what lies in the submission's own folder of documents. */
async function readDocument(
  root: string,
  folder: string,
  entry: string,
  name: string,
): Promise<IndexedDocument | null> {
  if (!/^files\/[^/\\]+$/.test(entry) || entry === "files/.." || entry === "files/.") return null;
  const path = join(root, folder, entry);
  try {
    const { size } = await stat(path);
    const { type, warnings } = await judgeDocument(path, name);
    const picture = type !== null && PICTURES.includes(type);
    return { name, path: `${folder}/${entry}`, bytes: size, type, picture, warnings };
  } catch {
    return null;
  }
}

async function dayIn(path: string): Promise<string> {
  const day = await readFile(join(path, "source.json"), "utf8")
    .then((text) => (JSON.parse(text) as { day?: unknown }).day)
    .catch(() => null);
  return typeof day === "string" && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : "";
}
