import {
  type AskedQuestion,
  type Case,
  type CaseFilter,
  NO_FILTER,
  type Person,
  peopleIn,
  peopleTable,
  questionsIn,
  type SearchableCase,
  searchable,
  select,
  tableOf,
  writeCsv,
  writeJson,
} from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { type CaseActions, caseView } from "./case-view.js";
import { Charts } from "./charts.js";
import { answerFields, filterFields } from "./filter-view.js";
import { personView } from "./person-view.js";
import { save } from "./save.js";
import type { Locale } from "./words.js";

/** Cases per page of the list. */
const PAGE_SIZE = 100;

/** A list of cases to search, filter, count and export. Letters reach the page only as text. */
export class CaseList {
  readonly #locale: Locale;
  readonly #actions: CaseActions;
  readonly #charts = new Charts();
  #all: readonly SearchableCase[] = [];
  #questions: readonly AskedQuestion[] = [];
  #filter: CaseFilter = NO_FILTER;
  #shown = PAGE_SIZE;
  /** The people of all cases, once somebody asks for them: thousands of letters take seconds. */
  #people: readonly Person[] | null = null;
  #byPerson = false;
  readonly #count = make("p", { role: "status" });
  readonly #results = make("div", { id: "results" });
  readonly #more = button("", () => {
    this.#shown += PAGE_SIZE;
    this.#showResults();
  });

  constructor(locale: Locale, actions: CaseActions) {
    this.#locale = locale;
    this.#actions = actions;
  }

  /** Replaces the cases, which must be sorted by day, newest first. */
  set(cases: readonly Case[]): void {
    this.#all = cases.map(searchable);
    this.#people = null;
    this.#questions = questionsIn(cases);
  }

  /** Draws the list in the chosen language. */
  draw(): HTMLElement {
    const { say } = this.#locale;
    const search = make("input", { id: "search", type: "search", autocomplete: "off" });
    search.value = this.#filter.typed;
    search.addEventListener("input", () => this.#change({ typed: search.value }));
    const csv = button(say("index-csv"), () =>
      save("cases.csv", new Blob([writeCsv(tableOf(this.#found(), this.#questions))], { type: "text/csv" })),
    );
    const json = button(say("index-json"), () =>
      save("cases.json", new Blob([writeJson(this.#found())], { type: "application/json" })),
    );
    const people = button(say("index-people"), () => {
      this.#byPerson = !this.#byPerson;
      people.setAttribute("aria-pressed", String(this.#byPerson));
      this.#showResults();
    });
    people.setAttribute("aria-pressed", String(this.#byPerson));
    people.id = "people";
    const peopleCsv = button(say("index-people-csv"), () =>
      save("people.csv", new Blob([writeCsv(peopleTable(this.#peopleAmong(this.#found())))], { type: "text/csv" })),
    );
    peopleCsv.id = "people-csv";
    csv.id = "csv";
    json.id = "json";
    const languages = this.#all.map(({ one }) => one.language);
    const view = make(
      "div",
      {},
      make("div", { class: "field" }, make("label", { for: "search" }, say("index-search")), search),
      filterFields(say, this.#filter, languages, this.#questions, (some) => this.#change(some)),
      ...answerFields(say, this.#filter, this.#questions, (some) => this.#change(some)),
      make("p", { class: "actions" }, people, csv, json, peopleCsv),
      this.#count,
      make("div", { id: "charts" }),
      this.#results,
      this.#more,
    );
    this.#showResults(view);
    return view;
  }

  #found(): Case[] {
    return select(this.#all, this.#filter);
  }

  #caseViews(found: readonly Case[]): HTMLElement[] {
    this.#more.hidden = found.length <= this.#shown;
    return found.slice(0, this.#shown).map((one) => caseView(this.#locale, one, this.#actions));
  }

  /** Whoever two letters or more may be about. */
  #peopleViews(found: readonly Case[]): HTMLElement[] {
    const people = this.#peopleAmong(found).filter(({ cases }) => cases.length > 1);
    this.#more.hidden = people.length <= this.#shown;
    const views = people.slice(0, this.#shown).map((person) => personView(this.#locale, person, this.#actions));
    return [make("p", { class: "note" }, this.#locale.say("index-people-note")), ...views];
  }

  /** The people of whom at least one case is among those found, each with all of their cases. */
  #peopleAmong(found: readonly Case[]): readonly Person[] {
    this.#people ??= peopleIn(this.#all.map(({ one }) => one));
    const among = new Set(found);
    return this.#people.filter(({ cases }) => cases.some((one) => among.has(one)));
  }

  #change(some: Partial<CaseFilter>): void {
    const choices = { ...this.#filter.choices, ...some.choices };
    const answers = { ...this.#filter.answers, ...some.answers };
    this.#filter = { ...this.#filter, ...some, choices, answers };
    this.#shown = PAGE_SIZE;
    this.#showResults();
  }

  #showResults(within: ParentNode = document): void {
    const { say } = this.#locale;
    const found = this.#found();
    this.#count.textContent = say("index-count", { count: String(found.length) });
    const views = this.#byPerson ? this.#peopleViews(found) : this.#caseViews(found);
    this.#results.replaceChildren(...views);
    this.#more.textContent = say("index-more");
    within.querySelector("#charts")?.replaceWith(this.#charts.draw(say, found, this.#questions));
  }
}
