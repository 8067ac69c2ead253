import {
  type AskedQuestion,
  type Case,
  type CaseFilter,
  type CaseStatus,
  decide,
  linksIn,
  NO_FILTER,
  type Person,
  peopleIn,
  peopleTable,
  questionsIn,
  rewritten,
  type SearchableCase,
  searchable,
  select,
  tableOf,
  writeCsv,
  writeJson,
} from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { type CaseActions, type CaseView, caseView } from "./case-view.js";
import { Charts } from "./charts.js";
import { answerFields, filterFields } from "./filter-view.js";
import type { Notebook } from "./notebook.js";
import { personView } from "./person-view.js";
import { SearchPreparation } from "./prepare-search.js";
import { printTable } from "./print-view.js";
import { save } from "./save.js";
import { Selection } from "./selection.js";
import { SharedDocuments } from "./shared-documents.js";
import { type ShortcutActions, shortcutOf } from "./shortcuts.js";
import type { StaffBar } from "./staff-bar.js";
import type { Locale } from "./words.js";
import { workView } from "./work-view.js";

/** Cases per page of the list. */
const PAGE_SIZE = 100;

/** A list of cases to search, filter, count, export, and write of. Letters reach the page only as text. */
export class CaseList {
  readonly #locale: Locale;
  readonly #actions: CaseActions;
  readonly #notebook: Notebook;
  readonly #bar: StaffBar;
  readonly #charts = new Charts();
  readonly #selection: Selection;
  /** As they came, and in the same order as they are now. */
  #given: Case[] = [];
  #all: SearchableCase[] = [];
  /** Places in both, by case id. */
  readonly #places = new Map<string, number[]>();
  readonly #shared = new SharedDocuments();
  #questions: readonly AskedQuestion[] = [];
  /** Whether they are those of all cases that are there. */
  #hasQuestions = false;
  #filter: CaseFilter = NO_FILTER;
  #shown = PAGE_SIZE;
  /** The proposed people of all cases, once somebody asks for them: thousands of letters take seconds. */
  #people: readonly Person[] | null = null;
  #byPerson = false;
  #preparing: SearchPreparation | null = null;
  /** The views on the page, in their order; a case may be shown for several people. */
  #views: { readonly id: string; readonly view: CaseView }[] = [];
  readonly #fields = make("div");
  /** Assignees and tags that the fields offer. */
  #labels: ReadonlySet<string> = new Set();
  readonly #count = make("p", { role: "status" });
  readonly #renew = button("", () => this.#showResults());
  readonly #results = make("div", { id: "results" });
  readonly #more = button("", () => {
    this.#shown += PAGE_SIZE;
    this.#showResults();
  });

  constructor(locale: Locale, actions: CaseActions, notebook: Notebook, bar: StaffBar) {
    this.#locale = locale;
    this.#actions = actions;
    this.#notebook = notebook;
    this.#bar = bar;
    const [now, find] = [(ids: ReadonlySet<string>) => this.#now(ids), (typed: string) => this.#find(typed)];
    this.#selection = new Selection(locale, notebook, now, find, () => this.#update(null), actions.several);
    notebook.onChange((ids, isOurs) => this.#written(ids, isOurs));
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Replaces the cases, which must be sorted by day, newest first. What is known of those that stay is kept. */
  set(cases: readonly Case[]): void {
    const before = new Map(this.#given.map((one, at) => [one, this.#all[at]]));
    this.#given = [];
    this.#all = [];
    this.#places.clear();
    this.#shared.clear();
    this.#preparing?.stop();
    this.#add(cases, before);
    this.#preparing = new SearchPreparation(this.#all);
  }

  /** Adds cases after all others. {@link refresh} shows them. */
  add(cases: readonly Case[]): void {
    this.#add(cases, new Map());
    this.#preparing?.added();
  }

  #add(cases: readonly Case[], before: ReadonlyMap<Case, SearchableCase | undefined>): void {
    for (const one of cases) {
      const places = this.#places.get(one.id);
      if (places === undefined) this.#places.set(one.id, [this.#given.length]);
      else places.push(this.#given.length);
      this.#shared.add(one);
      const known = before.get(one);
      const now = this.#notebook.withNotes(one);
      this.#given.push(one);
      this.#all.push(known === undefined ? searchable(now) : rewritten(known, now));
    }
    this.#people = null;
    this.#hasQuestions = false;
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
    const peoplePrint = button(say("index-people-print"), () =>
      printTable(say("index-people-title"), peopleTable(this.#peopleAmong(this.#found()))),
    );
    peoplePrint.id = "people-print";
    csv.id = "csv";
    json.id = "json";
    const view = make(
      "div",
      {},
      this.#bar.draw(),
      make("div", { class: "field" }, make("label", { for: "search" }, say("index-search")), search),
      this.#fields,
      make("p", { class: "actions" }, people),
      make(
        "details",
        { id: "tables" },
        make("summary", {}, say("index-tables")),
        make("p", { class: "actions" }, csv, json, peopleCsv, peoplePrint),
      ),
      this.#count,
      this.#renew,
      make("div", { id: "charts" }),
      this.#selection.draw(() => this.#views.map(({ id }) => id)),
      this.#results,
      this.#more,
    );
    this.#drawFields();
    this.#showResults(view);
    return view;
  }

  /** Shows cases that were set since, unless somebody is at work on those that are shown: then it offers to. */
  refresh(): void {
    if (!this.#fields.contains(document.activeElement)) this.#drawFields();
    this.#renewResults();
    if (!this.#isSearched) this.#preparing?.whenDone(() => this.#renewResults());
  }

  #renewResults(): void {
    const found = this.#foundNow();
    const same = this.#views.every(({ id }, at) => found[at]?.id === id);
    if (same && !this.#byPerson && this.#views.length >= Math.min(this.#shown, found.length)) {
      this.#tellOf(found);
      this.#more.hidden = found.length <= this.#shown;
      this.#update(null);
    } else if (this.#isWorkedOn) {
      this.#tellOf(found);
      this.#renew.hidden = false;
    } else this.#showResults();
    this.#selection.update();
  }

  get #isWorkedOn(): boolean {
    return this.#results.contains(document.activeElement) || this.#results.querySelector("details[open]") !== null;
  }

  #drawFields(): void {
    const cases = this.#all.map(({ one }) => one);
    if (!this.#hasQuestions) this.#questions = questionsIn(this.#given);
    this.#hasQuestions = true;
    this.#labels = new Set(cases.flatMap(labelsOf));
    const change = (some: Partial<CaseFilter>) => this.#change(some);
    this.#fields.replaceChildren(
      filterFields(this.#locale.say, this.#filter, cases, this.#questions, change),
      ...answerFields(this.#locale.say, this.#filter, this.#questions, change),
    );
  }

  #found(): Case[] {
    return select(this.#all, this.#filter);
  }

  /** Among the cases that are read for the search: the others would keep the person waiting. */
  #foundNow(): Case[] {
    if (this.#isSearched) return this.#found();
    return select(this.#all.slice(0, this.#preparing?.ready), this.#filter);
  }

  get #isSearched(): boolean {
    return this.#filter.typed === "" || this.#preparing?.isDone !== false;
  }

  #now(ids: ReadonlySet<string>): readonly Case[] {
    return [...ids].flatMap((id) => this.#all[this.#places.get(id)?.[0] ?? -1]?.one ?? []);
  }

  /** By id, folder, or the eight digits of its number. */
  #find(typed: string): Case | null {
    const known = this.#places.get(typed)?.[0];
    if (known !== undefined) return this.#given[known] ?? null;
    if (typed === "") return null;
    return this.#given.find(({ folder }) => folder === typed || folder === `submission-${typed}`) ?? null;
  }

  /** Takes over what was written of some cases. They stay where they are until the next search. */
  #written(ids: ReadonlySet<string>, isOurs: boolean): void {
    for (const at of [...ids].flatMap((id) => this.#places.get(id) ?? [])) {
      const given = this.#given[at];
      const before = this.#all[at];
      if (given !== undefined && before !== undefined)
        this.#all[at] = rewritten(before, this.#notebook.withNotes(given));
    }
    if (!this.#byPerson) this.#update(ids);
    else if (isOurs || !this.#isWorkedOn) this.#showResults();
    else {
      this.#update(ids);
      this.#renew.hidden = false;
    }
    const names = this.#now(ids).flatMap(labelsOf);
    if (names.some((each) => !this.#labels.has(each)) && !this.#fields.contains(document.activeElement)) {
      this.#drawFields();
    }
    this.#selection.update();
  }

  #update(ids: ReadonlySet<string> | null): void {
    for (const { id, view } of this.#views) if (ids?.has(id) !== false) view.update();
  }

  #caseElement(one: Case): HTMLElement {
    const ids = new Set([one.id]);
    const now = () => this.#now(ids)[0] ?? one;
    const view = caseView(
      this.#locale,
      {
        now: () => (now().folder === one.folder ? now() : one),
        work: () =>
          workView(
            this.#locale,
            this.#notebook,
            () => [now()],
            (typed) => this.#find(typed),
          ),
        sharing: (document) => this.#shared.others(one, document),
        showSharing: (other, { sha256 = "" }) => this.#showAnother(other, sha256),
        isChosen: () => this.#selection.has(one.id),
        choose: (chosen) => this.#selection.set([one.id], chosen),
      },
      this.#actions,
    );
    this.#views.push({ id: one.id, view });
    return view.element;
  }

  #caseViews(found: readonly Case[]): HTMLElement[] {
    this.#more.hidden = found.length <= this.#shown;
    return found.slice(0, this.#shown).map((one) => this.#caseElement(one));
  }

  /** Whoever two letters or more may be about. */
  #peopleViews(found: readonly Case[]): HTMLElement[] {
    const people = this.#peopleAmong(found).filter(({ cases }) => cases.length > 1);
    this.#more.hidden = people.length <= this.#shown;
    const views = people.slice(0, this.#shown).map((person) =>
      personView(
        this.#locale,
        person,
        (one) => this.#caseElement(one),
        (changes) => void this.#notebook.change(changes),
      ),
    );
    return [make("p", { class: "note" }, this.#locale.say("index-people-note")), ...views];
  }

  /** The people of whom at least one case is among those found, each with all of their cases. */
  #peopleAmong(found: readonly Case[]): readonly Person[] {
    this.#people ??= peopleIn(this.#given);
    const among = new Set(found);
    const now = new Map(this.#given.map((one, at) => [one, this.#all[at]?.one ?? one]));
    return decide(this.#people, this.#given, linksIn(this.#notebook.book))
      .map((person) => ({ ...person, cases: person.cases.map((one) => now.get(one) ?? one) }))
      .filter(({ cases }) => cases.some((one) => among.has(one)));
  }

  /** Goes to another case; one that is not on the page is found by the document that it shares. */
  #showAnother(other: Case, sha256: string): void {
    if (this.#focus(other)) return;
    const search = document.querySelector<HTMLInputElement>("#search");
    if (search !== null) search.value = sha256;
    this.#byPerson = false;
    document.getElementById("people")?.setAttribute("aria-pressed", "false");
    this.#filter = { ...NO_FILTER, typed: sha256 };
    this.#drawFields();
    this.#change({});
    this.#preparing?.whenDone(() => {
      this.#renewResults();
      this.#focus(other);
    });
  }

  /** Opens a case that is on the page. Returns whether it is. */
  #focus(one: Case): boolean {
    const row = this.#views.find(({ id, view }) => id === one.id && isShown(view.element))?.view.element;
    const details = row?.querySelector("details");
    if (details === null || details === undefined) return false;
    details.open = true;
    const summary = details.querySelector<HTMLElement>("summary");
    summary?.focus();
    summary?.scrollIntoView({ block: "start" });
    return true;
  }

  #change(some: Partial<CaseFilter>): void {
    const choices = { ...this.#filter.choices, ...some.choices };
    const answers = { ...this.#filter.answers, ...some.answers };
    this.#filter = { ...this.#filter, ...some, choices, answers };
    this.#shown = PAGE_SIZE;
    if (!this.#isSearched) this.#preparing?.hurry();
    this.#showResults();
    if (!this.#isSearched) this.#preparing?.whenDone(() => this.#renewResults());
  }

  #showResults(within: ParentNode = document): void {
    const { say } = this.#locale;
    const found = this.#foundNow();
    this.#renew.textContent = say("work-renew");
    this.#renew.hidden = true;
    this.#views = [];
    const views = this.#byPerson ? this.#peopleViews(found) : this.#caseViews(found);
    this.#results.replaceChildren(...views);
    this.#more.textContent = say("index-more");
    this.#tellOf(found, within);
  }

  #tellOf(found: readonly Case[], within: ParentNode = document): void {
    const { say } = this.#locale;
    this.#count.textContent = say(this.#isSearched ? "index-count" : "index-count-so-far", {
      count: String(found.length),
    });
    within.querySelector("#charts")?.replaceWith(this.#charts.draw(say, found, this.#questions));
  }

  #press(event: KeyboardEvent): void {
    const act = this.#bar.shortcuts && this.#results.isConnected ? shortcutOf(event, this.#shortcuts) : null;
    if (act === null) return;
    event.preventDefault();
    act();
  }

  readonly #shortcuts: ShortcutActions = {
    search: () => document.getElementById("search")?.focus(),
    move: (by) => this.#move(by),
    choose: () => {
      const id = this.#focused()?.id;
      if (id !== undefined) this.#selection.set([id], !this.#selection.has(id));
    },
    note: () => this.#writeNote(),
    status: (status) => this.#setStatus(status),
    undo: () => void this.#notebook.undo(),
  };

  #focused() {
    const row = document.activeElement?.closest(".case-row");
    return this.#views.find(({ view }) => view.element === row);
  }

  #move(by: 1 | -1): void {
    const summaries = [...this.#results.querySelectorAll<HTMLElement>(".case > summary, .person > summary")];
    const seen = summaries.filter(isShown);
    const at = seen.findIndex((each) => each === document.activeElement || isRowOf(each, document.activeElement));
    const next = at === -1 ? seen.at(by === 1 ? 0 : -1) : seen[at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  #setStatus(status: CaseStatus): void {
    const chosen = this.#selection.cases.map(({ id }) => id);
    const focused = this.#focused()?.id;
    const ids = chosen.length > 0 ? chosen : focused === undefined ? [] : [focused];
    if (ids.length > 0) void this.#notebook.change(ids.map((id) => ({ case: id, set: { status } })));
  }

  #writeNote(): void {
    const focused = this.#focused();
    const details = focused?.view.element.querySelector("details");
    if (focused === undefined || details === null || details === undefined) return;
    const focus = () => focused.view.element.querySelector<HTMLElement>(".work-note")?.focus();
    // The fields are made once the event of opening has come.
    if (!details.open) details.addEventListener("toggle", focus, { once: true });
    details.open = true;
    focus();
  }
}

/** Names that the filter offers. */
function labelsOf({ assignee, tags = [] }: Case): readonly string[] {
  return [...(assignee === undefined ? [] : [`assignee ${assignee}`]), ...tags.map((tag) => `tag ${tag}`)];
}

function isShown(summary: HTMLElement): boolean {
  const outer = summary.parentElement?.parentElement?.closest("details");
  return outer === null || outer === undefined || outer.open;
}

function isRowOf(summary: HTMLElement, active: Element | null): boolean {
  const row = summary.closest(".case-row");
  return row !== null && active !== null && row.contains(active);
}
