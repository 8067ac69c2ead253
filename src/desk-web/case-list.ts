import {
  type AskedQuestion,
  type Case,
  type CaseFilter,
  NO_FILTER,
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
    csv.id = "csv";
    json.id = "json";
    const languages = this.#all.map(({ one }) => one.language);
    const view = make(
      "div",
      {},
      make("div", { class: "field" }, make("label", { for: "search" }, say("index-search")), search),
      filterFields(say, this.#filter, languages, this.#questions, (some) => this.#change(some)),
      ...answerFields(say, this.#filter, this.#questions, (some) => this.#change(some)),
      make("p", { class: "actions" }, csv, json),
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
    this.#results.replaceChildren(
      ...found.slice(0, this.#shown).map((one) => caseView(this.#locale, one, this.#actions)),
    );
    this.#more.textContent = say("index-more");
    this.#more.hidden = found.length <= this.#shown;
    within.querySelector("#charts")?.replaceWith(this.#charts.draw(say, found, this.#questions));
  }
}
