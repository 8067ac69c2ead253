import {
  type Archive,
  createSubmission,
  type Document,
  entryName,
  type MailSenderCheck,
  randomHex,
} from "../core/index.js";
import type { Texts } from "../locales/index.js";
import type { MimePart } from "../mime/index.js";
import { letterLanguage } from "./letter-language.js";
import type { ReadMail } from "./read-letter.js";

/** Letters by mail have this form: they answer no questions. */
const FORM = { id: "mail", version: 1 };
/** The message as it came, always the last document. */
const MESSAGE = { name: "message.eml", type: "message/rfc822" };
const CHUNK_BYTES = 256 * 1024;

/** What is archived of one mail. */
export interface MailContents {
  /** The message as it came. */
  readonly message: Uint8Array<ArrayBuffer>;
  /** Null for a message that cannot be read: it is kept whole. */
  readonly mail: ReadMail | null;
  /** Null if the sender was not checked. */
  readonly sender: MailSenderCheck | null;
  /** The case ids of the OpenPGP messages in it, which are stored as they are. */
  readonly encrypted: readonly string[];
  /** Most documents, the message itself included. */
  readonly maxFiles: number;
}

/** The archive of a mail: docs/FORMAT.md. @throws ArchiveWriteError */
export function createMailSubmission(contents: MailContents, languages: ReadonlyMap<string, Texts>): Archive {
  const { message, mail, sender, encrypted, maxFiles } = contents;
  const { from = "", to = "", subject = "", date = "" } = mail ?? {};
  const text = mail?.text ?? "";
  const texts = textsFor(letterLanguage(subject, text), languages);
  const parts = mail === null || mail.parts.length >= maxFiles ? [] : mail.parts;
  const documents = [...parts.map(documentOf), documentOf({ ...MESSAGE, bytes: message })];
  return createSubmission({
    caseId: randomHex(16),
    form: FORM,
    language: texts.language,
    answers: { subject, message: text },
    letter: letterOf(contents, text, documents, texts),
    documents,
    mail: { from, to, date, ...(encrypted.length > 0 && { encrypted }), ...(sender !== null && { sender }) },
    encryptedBy: "mail",
  });
}

/** For people to read, laid out as the form's letters are: headings, and below each what belongs to it. */
function letterOf(
  { mail, sender, encrypted }: MailContents,
  text: string,
  documents: readonly Document[],
  { say }: Texts,
): string {
  const proved = sender?.proved ?? "";
  const sections: [string, string][] =
    mail === null
      ? [[say("mail-unreadable"), MESSAGE.name]]
      : [
          [say("mail-subject"), mail.subject],
          [proved === "" ? say("mail-from") : say("mail-from-domain", { domain: proved }), mail.from],
          [say("mail-date"), mail.date],
          [say("mail-text"), text],
        ];
  if (mail !== null && mail.parts.length >= documents.length) sections.push([say("mail-too-many-files"), MESSAGE.name]);
  if (encrypted.length > 0) sections.push([say("mail-encrypted-parts"), String(encrypted.length)]);
  const entries = documents.map(({ name }, index) => entryName(index + 1, name));
  sections.push([say("letter-documents"), entries.join("\n")]);
  const filled = sections.filter(([, words]) => words !== "").map(([heading, words]) => `${heading}\n${words}`);
  return `${[say("mail-heading"), ...filled].join("\n\n")}\n`;
}

function documentOf({ name, type, bytes }: MimePart): Document {
  return { name: name === "" ? defaultName(type) : name, type, size: bytes.length, open: () => chunks(bytes) };
}

/** Part of a forwarded message, or one without a name. */
function defaultName(type: string): string {
  if (type === "message/rfc822") return "forwarded.eml";
  return type.startsWith("text/") ? "text.txt" : "attachment";
}

/** Without copying: a message is large. */
function chunks(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + CHUNK_BYTES));
        at += CHUNK_BYTES;
        if (at >= bytes.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The headings are in the language that the letter seems to be in. */
function textsFor(language: string | null, languages: ReadonlyMap<string, Texts>): Texts {
  const [first] = languages.values();
  const texts = languages.get(language ?? "en") ?? first;
  if (texts === undefined) throw new Error("there is no language to write headings in");
  return texts;
}
