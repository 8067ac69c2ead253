import { type Case, type CaseSubmission, documentsOf, sayAnswer, showHidden, showLetter } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Locale } from "./words.js";

/** More would take a browser minutes to lay out. */
const MAX_CASES = 500;

/** Prints these cases and nothing else, each from a new page, with its number on each page. */
export function printCases(locale: Locale, cases: readonly Case[]): void {
  printOnly(cases.slice(0, MAX_CASES).map((one) => caseSheet(locale, one)));
}

/** Prints a table and nothing else: its first row is the head. Columns without a word are left out. */
export function printTable(title: string, [head = [], ...rows]: readonly (readonly string[])[]): void {
  // What nobody has told takes the room of what is told.
  const told = head.map((_, at) => rows.length === 0 || rows.some((row) => row[at] !== ""));
  const cells = (name: "th" | "td", row: readonly string[]) =>
    row.filter((_, at) => told[at]).map((text) => make(name, {}, showLetter(text)));
  const table = make(
    "table",
    { class: "people" },
    make("thead", {}, make("tr", {}, ...cells("th", head))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells("td", row)))),
  );
  printOnly([make("article", {}, make("h1", {}, title), table)]);
}

function caseSheet({ say }: Locale, one: Case): HTMLElement {
  const documents = documentsOf(one).map(({ name }) => make("li", {}, make("bdi", {}, showHidden(name))));
  return sheet(
    one.folder,
    make("h1", {}, one.folder),
    make("p", {}, `${one.day} · ${say(`status-${one.status}`)}`),
    ...submissionSheet(one),
    ...one.followUps.flatMap((each) => [
      make("h2", {}, say("index-follow-up", { day: each.day })),
      ...submissionSheet(each),
    ]),
    ...(documents.length === 0 ? [] : [make("h2", {}, say("index-documents")), make("ul", {}, ...documents)]),
    ...(one.note === ""
      ? []
      : [make("h2", {}, say("index-note")), make("p", { class: "letter" }, showLetter(one.note))]),
  );
}

/** A document of which each page begins with `number`. */
function sheet(number: string, ...contents: HTMLElement[]): HTMLElement {
  const head = make("thead", {}, make("tr", {}, make("th", {}, number)));
  const body = make("tbody", {}, make("tr", {}, make("td", {}, ...contents)));
  return make("article", {}, make("table", { class: "sheet" }, head, body));
}

function submissionSheet({ letter, answers }: CaseSubmission): HTMLElement[] {
  const text = letter === "" ? Object.values(answers).map(sayAnswer).join("\n\n") : letter;
  return [make("p", { class: "letter" }, showLetter(text))];
}

/** The page shows itself again once the browser has printed. */
function printOnly(sheets: readonly HTMLElement[]): void {
  document.getElementById("print")?.remove();
  const all = make("div", { id: "print" }, ...sheets);
  document.body.append(all);
  document.body.classList.add("printing");
  const done = () => {
    all.remove();
    document.body.classList.remove("printing");
  };
  addEventListener("afterprint", done, { once: true });
  print();
}
