import { groupPeople, type Letter, type PersonGroup } from "../people/index.js";
import { sayAnswer } from "./answers.js";
import type { Case } from "./case.js";
import { answersTo, answerTo, countDocuments, documentsOf } from "./case-text.js";

/** Cases that may be about one person, the newest first; or one alone. */
export interface Person {
  /** As most of them write it; empty if none names anybody. */
  readonly name: string;
  readonly cases: readonly Case[];
  /** Whether staff said so of all of them. */
  readonly confirmed?: boolean;
  /** Whether staff also said of two of them that they are about different people. */
  readonly disputed?: boolean;
}

/**
 * The people whom cases are about, those with the most cases first, then those in one. It is a proposal: names may be
 * equal, and letters may lie. A form's questions `prisoner` and `place` tell who and where.
 */
export function peopleIn(cases: readonly Case[]): Person[] {
  const byLetter = new Map(cases.map((one, at) => [String(at), one]));
  const groups = groupPeople(cases.map((one, at) => letterOf(one, String(at))));
  const people = groups.map((group) => personOf(group, byLetter));
  const grouped = new Set(people.flatMap((person) => person.cases));
  const alone = cases.filter((one) => !grouped.has(one)).map((one) => ({ name: aboutOf(one), cases: [one] }));
  return [...people.sort((left, right) => right.cases.length - left.cases.length), ...alone];
}

function personOf({ name, letters }: PersonGroup, byLetter: ReadonlyMap<string, Case>): Person {
  return { name, cases: letters.flatMap((id) => byLetter.get(id) ?? []) };
}

function letterOf(one: Case, id: string): Letter {
  const documents = documentsOf(one).flatMap(({ sha256 }) => sha256 ?? []);
  const typed = [one, ...one.followUps].flatMap(({ answers }) => Object.values(answers).map(({ text }) => text));
  // The longest answer is the letter; one by mail or by a person's own program has only that.
  const text = typed.reduce((longest, each) => (each.length > longest.length ? each : longest), "");
  return { id, about: aboutOf(one), place: answerTo(one, "place"), text: text === "" ? one.letter : text, documents };
}

function aboutOf(one: Case): string {
  return answerTo(one, "prisoner");
}

/** A row for each person, for a list such as one for an exchange: what their cases answer, each answer once. */
export function peopleTable(people: readonly Person[]): string[][] {
  const asked = ["place", "charge", "request", "writer", "contact", "consent"];
  const head = ["person", "cases", "first", "last", "documents", ...asked, "folders"];
  const rows = people.map(({ name, cases }) => {
    const days = cases.map(({ day }) => day).sort();
    const answers = asked.map((id) => [
      ...new Set(cases.flatMap((one) => answersTo(one, id).map((each) => sayAnswer(each).trim()))),
    ]);
    return [
      name,
      String(cases.length),
      days[0] ?? "",
      days.at(-1) ?? "",
      String(cases.reduce((sum, one) => sum + countDocuments(one), 0)),
      ...answers.map((each) => each.join("; ")),
      cases.map(({ folder }) => folder).join("; "),
    ];
  });
  return [head, ...rows];
}
