import type { Case } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { type CaseActions, caseView } from "./case-view.js";
import { Charts } from "./charts.js";
import { textOf } from "./data.js";
import { type SearchableCase, select, type Wanted } from "./filter.js";
import { filterFields } from "./filter-view.js";
import { type AskedQuestion, questionsIn } from "./questions.js";
import { save } from "./save.js";
import { normalise } from "./search.js";
import { tableOf, writeCsv } from "./table.js";
import type { Voice } from "./words.js";

const AT_ONCE = 100;

/** Cases that can be searched, filtered, counted and saved as tables. Letters are text here, and never anything else. */
export class CaseList {
  readonly #voice: Voice;
  readonly #actions: CaseActions;
  readonly #charts = new Charts();
  #all: readonly SearchableCase[] = [];
  #questions: readonly AskedQuestion[] = [];
  #wanted: Wanted = { typed: "", status: "", language: "", documents: "", choices: {}, sort: "new" };
  #shown = AT_ONCE;
  readonly #count = make("p", { role: "status" });
  readonly #results = make("div", { id: "results" });
  readonly #more = button("", () => {
    this.#shown += AT_ONCE;
    this.#showResults();
  });

  constructor(voice: Voice, actions: CaseActions) {
    this.#voice = voice;
    this.#actions = actions;
  }

  /** Takes other cases, which are in the order of days, the newest first. */
  set(cases: readonly Case[]): void {
    this.#all = cases.map((one) => ({ one, text: normalise(textOf(one)) }));
    this.#questions = questionsIn(cases);
  }

  /** Everything, in the language that is chosen. */
  draw(): HTMLElement {
    const { say } = this.#voice;
    const search = make("input", { id: "search", type: "search", autocomplete: "off" });
    search.value = this.#wanted.typed;
    search.addEventListener("input", () => this.#change({ typed: search.value }));
    const csv = button(say("index-csv"), () =>
      save("cases.csv", new Blob([writeCsv(tableOf(this.#found(), this.#questions))], { type: "text/csv" })),
    );
    const json = button(say("index-json"), () =>
      save("cases.json", new Blob([JSON.stringify(this.#found(), null, 1)], { type: "application/json" })),
    );
    csv.id = "csv";
    json.id = "json";
    const languages = this.#all.map(({ one }) => one.language);
    const view = make(
      "div",
      {},
      make("div", { class: "field" }, make("label", { for: "search" }, say("index-search")), search),
      filterFields(say, this.#wanted, languages, this.#questions, (some) => this.#change(some)),
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
    return select(this.#all, this.#wanted);
  }

  #change(some: Partial<Wanted>): void {
    const choices = { ...this.#wanted.choices, ...some.choices };
    this.#wanted = { ...this.#wanted, ...some, choices };
    this.#shown = AT_ONCE;
    this.#showResults();
  }

  #showResults(within: ParentNode = document): void {
    const { say } = this.#voice;
    const found = this.#found();
    this.#count.textContent = say("index-count", { count: String(found.length) });
    this.#results.replaceChildren(
      ...found.slice(0, this.#shown).map((one) => caseView(this.#voice, one, this.#actions)),
    );
    this.#more.textContent = say("index-more");
    this.#more.hidden = found.length <= this.#shown;
    within.querySelector("#charts")?.replaceWith(this.#charts.draw(say, found, this.#questions));
  }
}
