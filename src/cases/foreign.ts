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
import { beginsAsMessage, readMessage } from "../mime/index.js";
import type { CaseDocument } from "./case.js";
import { documentKind, PICTURE_TYPES } from "./document-kind.js";
import { plainText } from "./plain-text.js";
import { BY_PERSON, type CaseRecord } from "./record.js";
import { MAX_NAME_CHARS, type SubmissionSummary } from "./summary.js";

/** What a person packed and encrypted with programs of their own: a folder in a tar, or one document. */
export type ForeignLayout = Exclude<ContentsLayout, "form">;

/**
 * Takes a document of a case, and returns its size in bytes.
 * @param whole whether the contents are the whole plaintext
 */
export type Keep = (entry: string, contents: ReadableStream<Uint8Array>, whole: boolean) => Promise<number>;

/** How much of a document its kind is detected from. A longer text is no part of the letter. */
const HEAD_BYTES = 256 * 1024;
/** Characters of all texts together. */
const MAX_LETTER_CHARS = 1024 * 1024;
/** Folders that people pack have more files than forms take. */
const TAR_LIMITS = { files: 5_000, headers: 20_000, bytes: ARCHIVE_LIMITS.bytes };
const MAX_LEFT_OUT = 100;
/** A message is read in memory. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const MAX_PARTS = 200;
const MESSAGE = "message.eml";

interface Entry extends Omit<TarEntry, "mtimeSeconds"> {
  /** Whether this is the whole plaintext. */
  readonly whole?: boolean;
}

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
  const entries: AsyncIterable<Entry> | Iterable<Entry> =
    layout === "folder" ? readTar(contents, TAR_LIMITS) : await documentsIn(contents);
  for await (const { kind, path, body, whole } of entries) {
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
    const bytes = await keep(entry, stream, whole === true);
    const { type, warnings } = documentKind(head, found?.mime ?? null, name);
    documents.push({ name, path: entry, bytes, type, picture: PICTURE_TYPES.includes(type ?? ""), warnings });
    // The source of a message whose text stands before it.
    const source = whole === true && documents.length > 1;
    if (text !== null && warnings.length === 0 && bytes <= HEAD_BYTES && !source) texts.push({ name, text });
  }
  const names = new Map(documents.map((document) => [document.path, document.name]));
  const record: CaseRecord = {
    caseId,
    address: null,
    followUp: false,
    language: "",
    encrypted: BY_PERSON,
    answers: {},
    names,
    foreign: { signers, leftOut },
  };
  return { record, layout, letter: letterOf(texts, documents.length), documents };
}

/**
 * The one document that the plaintext is; or, of a message that a mail program encrypted (RFC 3156), its text, its
 * parts and the message itself.
 */
async function documentsIn(contents: ReadableStream<Uint8Array>): Promise<readonly Entry[]> {
  const begun = await headOf(contents, HEAD_BYTES);
  if (!beginsAsMessage(begun.head)) return [{ ...file("", begun.stream), whole: true }];
  const { head, stream } = await headOf(begun.stream, MAX_MESSAGE_BYTES);
  if (head.length === MAX_MESSAGE_BYTES) return [{ ...file(MESSAGE, stream), whole: true }];
  const bytes = new Uint8Array(head);
  const message = await readMessage(bytes);
  const original = { ...file(MESSAGE, streamOf(bytes)), whole: true };
  if (message === null || message.parts.length > MAX_PARTS) return [original];
  const { from, subject, text, html, parts } = message;
  const letter = [subject, from === "" ? "" : `From: ${from}`, text].filter((each) => each !== "").join("\n\n");
  return [
    ...(letter === "" ? [] : [file("letter.txt", streamOf(new TextEncoder().encode(`${letter}\n`)))]),
    ...(text !== "" || html === "" ? [] : [file("letter.html", streamOf(new TextEncoder().encode(html)))]),
    ...parts.map(({ name, bytes: contents }) => file(name === "" ? "attachment" : name, streamOf(contents))),
    original,
  ];
}

function file(path: string, body: ReadableStream<Uint8Array>): Entry {
  return { kind: "file", path, body };
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream();
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
