import { type FileTypeResult, fileTypeFromBuffer } from "file-type";
import {
  ARCHIVE_LIMITS,
  type ContentsLayout,
  entryName,
  headOf,
  type MessageNotes,
  readTar,
  type TarEntry,
} from "../core/index.js";
import type { CaseDocument } from "./case.js";
import { documentKind, PICTURE_TYPES } from "./document-kind.js";
import { plainText } from "./plain-text.js";
import { BY_PERSON, type CaseRecord } from "./record.js";
import { MAX_NAME_CHARS, type SubmissionSummary } from "./summary.js";

/** What a person packed and encrypted with programs of their own: a folder in a tar, or one document. */
export type ForeignLayout = Exclude<ContentsLayout, "form">;

/** Takes a document of a case, and returns its size in bytes. */
export type Keep = (entry: string, contents: ReadableStream<Uint8Array>) => Promise<number>;

/** How much of a document its kind is detected from. A longer text is no part of the letter. */
const HEAD_BYTES = 256 * 1024;
/** Characters of all texts together. */
const MAX_LETTER_CHARS = 1024 * 1024;
/** Folders that people pack have more files than forms take. */
const TAR_LIMITS = { files: 5_000, headers: 20_000, bytes: ARCHIVE_LIMITS.bytes };
const MAX_LEFT_OUT = 100;

/**
 * Makes a case of what a person encrypted with a program of their own. Documents get safe names, `files/01-…`; their
 * own names and paths are only words. Links, devices and pipes are left out and named. The letter is the text of the
 * documents that are plain text. Such a case has no reply address.
 *
 * Everything is unauthenticated until the stream has ended without an error and this resolves.
 * @param caseId 32 hex digits, the same for the same ciphertext
 * @param keep called for each document, in order; it must read the stream or leave it
 * @throws TarError if a `folder` is no tar that can be read: then it is a `document`; or the stream's own error
 */
export async function readForeign(
  contents: ReadableStream<Uint8Array>,
  layout: ForeignLayout,
  { fileName, signers }: MessageNotes,
  caseId: string,
  keep: Keep,
): Promise<SubmissionSummary> {
  const documents: CaseDocument[] = [];
  const texts: { readonly name: string; readonly text: string }[] = [];
  const leftOut: string[] = [];
  for await (const { kind, path, body } of layout === "folder" ? readTar(contents, TAR_LIMITS) : [whole(contents)]) {
    if (kind === "other") {
      if (leftOut.length < MAX_LEFT_OUT) leftOut.push(path.slice(0, MAX_NAME_CHARS));
      continue;
    }
    const { head, stream } = await headOf(body, HEAD_BYTES);
    // A file crafted to confuse the detection counts as unknown.
    const found = await fileTypeFromBuffer(head).catch(() => undefined);
    const text = found === undefined ? plainText(head) : null;
    const name = (path || fileName || defaultName(found, text)).slice(0, MAX_NAME_CHARS);
    const entry = `files/${entryName(documents.length + 1, name)}`;
    const bytes = await keep(entry, stream);
    const { type, warnings } = documentKind(head, found?.mime ?? null, name);
    documents.push({ name, path: entry, bytes, type, picture: PICTURE_TYPES.includes(type ?? ""), warnings });
    if (text !== null && warnings.length === 0 && bytes <= HEAD_BYTES) texts.push({ name, text });
  }
  const names = new Map(documents.map((document) => [document.path, document.name]));
  const record: CaseRecord = {
    caseId,
    address: null,
    followUp: false,
    language: "",
    encrypted: BY_PERSON,
    choices: {},
    names,
    foreign: { signers, leftOut },
  };
  return { record, layout, letter: letterOf(texts, documents.length), documents };
}

function whole(body: ReadableStream<Uint8Array>): TarEntry {
  return { kind: "file", path: "", body };
}

function defaultName(found: FileTypeResult | undefined, text: string | null): string {
  if (found !== undefined) return `document.${found.ext}`;
  return text === null ? "document" : "letter.txt";
}

function letterOf(texts: readonly { readonly name: string; readonly text: string }[], documents: number): string {
  const [only] = texts;
  if (only !== undefined && documents === 1) return only.text;
  let letter = "";
  for (const { name, text } of texts) {
    const added = `${name}\n\n${text.trimEnd()}\n\n`;
    if (letter.length + added.length > MAX_LETTER_CHARS) break;
    letter += added;
  }
  return letter;
}

/** The submission.json of such a case. */
export function writeForeignRecord({ caseId, foreign }: CaseRecord, documents: readonly CaseDocument[]): Uint8Array {
  const record = {
    format: "postern-submission",
    version: 1,
    case: caseId,
    answers: {},
    files: documents.map(({ path, name, bytes }) => ({ entry: path, name, type: "", bytes })),
    followUp: false,
    encrypted: BY_PERSON,
    signedBy: foreign?.signers ?? [],
    leftOut: foreign?.leftOut ?? [],
  };
  return new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
}
