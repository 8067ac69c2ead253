import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NoteSet } from "../../src/cases/index.js";
import type { SubmissionContents } from "../../src/core/index.js";
import { defaultForm, writeLetter } from "../../src/form/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { putCase } from "./cases.js";

export type StaffLanguage = "en" | "uk";

/** A letter to the pictures' desk. Nobody's names: of birds and trees. */
export interface StaffCase {
  /** The first 8 hex digits of the case id. */
  readonly number: string;
  readonly day: string;
  readonly files: readonly string[];
  readonly answers: Readonly<Record<string, string>>;
  readonly notes: readonly NoteSet[];
}

const caseOf = (
  number: string,
  day: string,
  words: readonly [prisoner: string, place: string, charge: string, request: string, writer: string, message: string],
  notes: readonly NoteSet[] = [],
  files: readonly string[] = [],
): StaffCase => {
  const [prisoner, place, charge, request, writer, message] = words;
  return { number, day, notes, files, answers: { message, prisoner, place, charge, request, writer } };
};

export const STAFF_CASES: Readonly<Record<StaffLanguage, readonly StaffCase[]>> = {
  en: [
    caseOf(
      "9b7c72d3",
      "2026-11-24",
      [
        "Oleh Sokil, born 1999",
        "Remand prison 1, Rostov",
        "Article 207.3",
        "A doctor, insulin",
        "Mother",
        "Hello. My son was taken from our home in May. A court gave him seven years.\nHe has diabetes, and his last letter came in August. Please help us to get him a doctor.",
      ],
      [],
      ["verdict.pdf"],
    ),
    caseOf(
      "4f02a91c",
      "2026-11-23",
      ["Ihor Yavir", "Not known yet", "Not told", "Find him", "Father", "He is 19. We have heard nothing since June."],
      [{ status: "reading" }, { assignee: "Anna" }, { due: "2026-11-27" }],
    ),
    caseOf(
      "c81d5e07",
      "2026-11-22",
      [
        "Daryna Verba",
        "Colony 2, Pokrov",
        "Article 205.2",
        "A lawyer",
        "Sister",
        "The lawyer that the court gave her tells us nothing. We have the indictment.",
      ],
      [{ status: "answered" }, { assignee: "Borys" }, { tag: "lawyer", on: true }],
      ["indictment.pdf"],
    ),
    caseOf(
      "2a6be4f8",
      "2026-11-20",
      ["O. Sokil, 1999", "Rostov", "Article 207.3", "Exchange", "Friend", "His name is on none of the lists."],
      [
        { status: "waiting" },
        { tag: "exchange", on: true },
        { note: "His mother wrote as well. The verdict is in her letter." },
      ],
    ),
    caseOf(
      "77e0b3a5",
      "2026-11-19",
      ["Taras Dub, 1974", "Colony 6, Melekhovo", "Article 280.3", "Medicine", "Wife", "He needs an operation."],
      [{ status: "closed" }],
    ),
  ],
  uk: [
    caseOf(
      "9b7c72d3",
      "2026-11-24",
      [
        "Сокіл Олег, 1999 року народження",
        "СІЗО-1, Ростов",
        "стаття 207.3",
        "лікар, інсулін",
        "мати",
        "Добрий день. Мого сина забрали з дому у травні. Суд дав йому сім років.\nВін хворіє на діабет, останній лист прийшов у серпні. Допоможіть нам, будь ласка, знайти лікаря.",
      ],
      [],
      ["вирок.pdf"],
    ),
    caseOf(
      "4f02a91c",
      "2026-11-23",
      ["Явір Ігор", "ще невідомо", "не сказали", "знайти його", "батько", "Йому 19. Від червня ми нічого не чули."],
      [{ status: "reading" }, { assignee: "Анна" }, { due: "2026-11-27" }],
    ),
    caseOf(
      "c81d5e07",
      "2026-11-22",
      [
        "Верба Дарина",
        "ІК-2, Покров",
        "стаття 205.2",
        "адвокат",
        "сестра",
        "Адвокат, якого призначив суд, нам нічого не каже. Маємо обвинувальний висновок.",
      ],
      [{ status: "answered" }, { assignee: "Борис" }, { tag: "адвокат", on: true }],
      ["обвинувачення.pdf"],
    ),
    caseOf(
      "2a6be4f8",
      "2026-11-20",
      ["Сокола О., 1999", "Ростов", "стаття 207.3", "обмін", "друг", "Його імені немає в жодному списку."],
      [{ status: "waiting" }, { tag: "обмін", on: true }, { note: "Мати теж написала. Вирок — у її листі." }],
    ),
    caseOf(
      "77e0b3a5",
      "2026-11-19",
      ["Дуб Тарас, 1974", "ІК-6, Мелехово", "стаття 280.3", "ліки", "дружина", "Йому потрібна операція."],
      [{ status: "closed" }],
    ),
  ],
};

const TEMPLATES: Readonly<Record<StaffLanguage, string>> = {
  en: "Hello,\n\nwe read your letter about {name}. By Friday a lawyer will look at it, and we answer here.\n",
  uk: "Добрий день!\n\nМи прочитали вашого листа. Справа: {name}. До п’ятниці її подивиться адвокат, відповімо тут.\n",
};
const FORM = { id: "default", version: 1 };
const PDF = Buffer.from("%PDF-1.4\n%%EOF\n");
const caseId = (number: string) => number.padEnd(32, "0");

/** What a browser puts into the submission of such a case. */
export function contentsOf(one: StaffCase, language: StaffLanguage): SubmissionContents {
  return {
    caseId: caseId(one.number),
    form: FORM,
    language,
    answers: one.answers,
    letter: letterOf(one, language),
    documents: one.files.map((name) => ({
      name,
      type: "application/pdf",
      size: PDF.length,
      open: () => new Blob([PDF]).stream(),
    })),
    encryptedBy: "browser",
  };
}

/** The cases as `postern open` leaves them, with the log of another desk, a template, and an answer's address. */
export async function putStaffCases(folder: string, language: StaffLanguage): Promise<void> {
  const events: string[] = [];
  for (const one of STAFF_CASES[language]) {
    const { number, day, answers, files, notes } = one;
    const reply = { mailbox: number.replace(/[0189]/g, "a").padEnd(32, "a"), key: `${"c".repeat(51)}q` };
    await putCase(folder, `submission-${number}`, {
      record: { case: caseId(number), form: FORM, language, answers, reply },
      letter: letterOf(one, language),
      day,
      files: files.map((name) => ({ name, contents: PDF })),
    });
    for (const set of notes) {
      const clock = events.length + 1;
      const by = language === "en" ? "Anna" : "Анна";
      const at = `${day}T10:00:00.000Z`;
      events.push(JSON.stringify({ desk: "anna", clock, at, by, case: caseId(number), replaces: [], set }));
    }
  }
  await mkdir(join(folder, "notes"));
  await appendFile(join(folder, "notes", "anna.jsonl"), `${events.join("\n")}\n`);
  await mkdir(join(folder, "templates"));
  await writeFile(join(folder, "templates", `lawyer.${language}.txt`), TEMPLATES[language]);
}

function letterOf({ answers }: StaffCase, language: StaffLanguage): string {
  const texts = loadTexts().get(language);
  if (texts === undefined) throw new Error(`there are no texts in ${language}`);
  const words = { language, heading: texts.say("letter-heading"), documents: texts.say("letter-documents") };
  return writeLetter(defaultForm(texts.say), answers, [], words);
}
