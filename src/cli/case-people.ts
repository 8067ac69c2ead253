import { type Case, peopleIn, peopleTable, sayRow, showHidden, writeCsv } from "../cases/index.js";
import { readCases } from "../desk/index.js";

export interface CasePeopleOptions {
  readonly out: string;
  readonly csv?: boolean;
}

/** `postern case people`: which cases may be about one person. @throws CaseNotesError */
export async function listPeople({ out, csv }: CasePeopleOptions): Promise<void> {
  const cases: Case[] = [];
  for await (const one of readCases(out)) cases.push(one);
  const people = peopleIn(cases);
  const several = people.filter((person) => person.cases.length > 1);
  const lines = several.flatMap(({ name, cases }) => [
    `${showHidden(name) || "?"}  ${cases.length}`,
    ...cases.map((one) => `  ${one.day}  ${one.folder}  ${sayRow(one)}`),
  ]);
  process.stdout.write(csv === true ? writeCsv(peopleTable(people)) : lines.map((line) => `${line}\n`).join(""));
  process.stderr.write(`${cases.length} cases, perhaps about ${people.length} people\n`);
}
