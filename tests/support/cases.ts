import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SubmissionRecord } from "../../src/core/index.js";
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

/** Cases as `postern open` leaves them, made up from a seed. */
export async function makeCases(folder: string, count: number): Promise<string[]> {
  const random = new Random(`${count} cases`);
  const pick = <Value>(from: readonly Value[]): Value => from[random.integer(0, from.length - 1)] as Value;
  const folders: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = (index + 1).toString(16).padStart(8, "0").padEnd(32, "0");
    const help = HELP.filter(() => random.integer(0, 2) === 0);
    const letter = `Письмо\n\nВаше письмо\n${pick(NAMES)}. ${Array.from({ length: random.integer(30, 300) }, () => pick(WORDS)).join(" ")}\n`;
    await putCase(folder, `submission-${id.slice(0, 8)}`, {
      record: {
        case: id,
        language: pick(["ru", "uk"]),
        ...(help.length > 0 && {
          choices: {
            request: { question: "Какая помощь нужна", chosen: help.map((label) => ({ value: "x", label })) },
          },
        }),
      },
      letter,
      day: `2026-${String(random.integer(1, 11)).padStart(2, "0")}-${String(random.integer(1, 28)).padStart(2, "0")}`,
      files: random.integer(0, 1) === 0 ? [] : [{ name: "справка.png", contents: PICTURE }],
    });
    folders.push(`submission-${id.slice(0, 8)}`);
  }
  return folders;
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
