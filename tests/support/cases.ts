import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Case, type CaseNote, foldNotes } from "../../src/cases/index.js";
import { createSubmission, type SubmissionContents, type SubmissionRecord } from "../../src/core/index.js";
import { openCaseNotes } from "../../src/desk/index.js";
import { encryptMessage, type Recipient } from "../../src/openpgp/index.js";
import { Random } from "./seed.js";

const NAMES = [
  "Иванов Пётр",
  "Смирнова Алёна",
  "Ковальчук Олексій",
  "Шевченко Ганна",
  "Кузнецов Семён",
  "Мельник Дарина",
];
const WORDS = (
  "сын дочь муж арестовали суд приговор семь лет колония адвокат письмо пост война обмен помогите здоровье врач передача " +
  "свидание следователь обыск ноябрь ёлка надежда син донька чоловік заарештували вирок сім років колонія лист допоможіть " +
  "обшук зв’язок їжа надія родина"
).split(" ");
const HELP = ["Обмен", "Адвокат", "Убежище", "Лекарства или врач"];
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface InventedCase {
  /** 32 hex digits. */
  readonly id: string;
  readonly language: string;
  readonly letter: string;
  readonly choices?: NonNullable<SubmissionContents["choices"]>;
  readonly day: string;
  readonly files: readonly { readonly name: string; readonly contents: Uint8Array<ArrayBuffer> }[];
}

/** Appeals as people write them, made up from a seed: the same ones each time. */
function* inventCases(count: number): Generator<InventedCase> {
  const random = new Random(`${count} cases`);
  const pick = <Value>(from: readonly Value[]): Value => from[random.integer(0, from.length - 1)] as Value;
  for (let index = 0; index < count; index += 1) {
    const help = HELP.filter(() => random.integer(0, 2) === 0);
    const words = Array.from({ length: random.integer(30, 300) }, () => pick(WORDS)).join(" ");
    yield {
      id: (index + 1).toString(16).padStart(8, "0").padEnd(32, "0"),
      language: pick(["ru", "uk"]),
      letter: `Письмо\n\nВаше письмо\n${pick(NAMES)}. ${words}\n`,
      ...(help.length > 0 && {
        choices: {
          request: { question: "Какая помощь нужна", chosen: help.map((label) => ({ value: "x", label })) },
        },
      }),
      day: `2026-${String(random.integer(1, 11)).padStart(2, "0")}-${String(random.integer(1, 28)).padStart(2, "0")}`,
      files: [
        ...(random.integer(0, 1) === 0 ? [] : [{ name: "справка.png", contents: PICTURE }]),
        ...(random.integer(0, 2) === 0 ? [{ name: "Приговор суда.pdf", contents: pdf(random) }] : []),
      ],
    };
  }
}

/** The beginning and the end of a PDF, and between them what scanned pages look like: noise. */
function pdf(random: Random): Uint8Array<ArrayBuffer> {
  const pages = random.bytes(random.integer(2_000, 60_000));
  return Buffer.concat([Buffer.from("%PDF-1.4\n1 0 obj\n<<>>\nstream\n"), pages, Buffer.from("\nendstream\n%%EOF\n")]);
}

/** Cases as `postern open` leaves them. */
export async function makeCases(folder: string, count: number): Promise<string[]> {
  const folders: string[] = [];
  for (const { id, language, choices, letter, day, files } of inventCases(count)) {
    const name = `submission-${id.slice(0, 8)}`;
    await putCase(folder, name, { record: { case: id, language, ...(choices && { choices }) }, letter, day, files });
    folders.push(name);
  }
  return folders;
}

/** The same as a portal stores them: encrypted, under names of 32 hex digits. */
export async function makeSubmissions(folder: string, count: number, recipient: Recipient): Promise<void> {
  for (const { id, language, choices, letter, day, files } of inventCases(count)) {
    const { stream } = createSubmission({
      caseId: id,
      form: { id: "default", version: 1 },
      language,
      answers: {},
      ...(choices && { choices }),
      letter,
      documents: files.map(({ name, contents }) => ({
        name,
        type: "",
        size: contents.length,
        open: () => new Blob([contents]).stream(),
      })),
      encryptedBy: "browser",
    });
    const message = await new Response(await encryptMessage(stream, [recipient], new Date())).arrayBuffer();
    const path = join(folder, `${id.slice(0, 8).padStart(32, "0")}.tar.gpg`);
    await writeFile(path, Buffer.from(message));
    await utimes(path, new Date(day), new Date(day));
  }
}

export interface CaseParts {
  readonly record: Partial<SubmissionRecord> & { readonly case: string };
  readonly letter: string;
  readonly day: string;
  readonly files?: readonly { readonly name: string; readonly contents: Uint8Array }[];
}

export async function putCase(
  root: string,
  name: string,
  { record, letter, day, files = [] }: CaseParts,
): Promise<void> {
  const folder = join(root, name);
  await mkdir(join(folder, "files"), { recursive: true });
  const entries = files.map((file, index) => ({
    entry: `files/${String(index + 1).padStart(2, "0")}-${file.name.replace(/[^\p{L}\p{N}.-]/gu, "_")}`,
    name: file.name,
    type: "",
    bytes: file.contents.length,
  }));
  for (const [index, { entry }] of entries.entries()) {
    await writeFile(join(folder, entry), files[index]?.contents ?? "");
  }
  const whole = {
    format: "postern-submission",
    version: 1,
    language: "ru",
    encrypted: "browser",
    files: entries,
    ...record,
  };
  await writeFile(join(folder, "submission.json"), JSON.stringify(whole));
  await writeFile(join(folder, "letter.txt"), letter);
  await writeFile(join(folder, "source.json"), JSON.stringify({ file: "x", sha256: "x", day }));
}

/** A case as pages hold it, without anything but what is given. */
export function inventedCase(some: Partial<Case>): Case {
  return {
    id: "a".repeat(32),
    folder: "submission-aaaaaaaa",
    day: "2026-11-23",
    language: "ru",
    encrypted: "browser",
    letter: "",
    answers: {},
    documents: [],
    answerable: true,
    followUps: [],
    status: "new",
    note: "",
    ...some,
  };
}

/** The notes by case id, of all desks. */
export async function readCaseNotes(root: string): Promise<Readonly<Record<string, CaseNote>>> {
  return Object.fromEntries(foldNotes((await openCaseNotes(root)).book.all()));
}
