import { type Case, linkAll } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { CaseActions } from "./case-view.js";
import type { Notebook } from "./notebook.js";
import type { Locale } from "./words.js";
import { type FindCase, type WorkView, workView } from "./work-view.js";

/** The cases that staff have chosen, and the fields in which they write of all of them. */
export class Selection {
  readonly #locale: Locale;
  readonly #notebook: Notebook;
  readonly #now: (ids: ReadonlySet<string>) => readonly Case[];
  readonly #find: FindCase;
  readonly #changed: () => void;
  readonly #several: CaseActions["several"];
  readonly #chosen = new Set<string>();
  readonly #bar = make("section", { id: "selection" });
  /** Made once a case is chosen. */
  #work: WorkView | null = null;
  #more: WorkView | null = null;

  constructor(
    locale: Locale,
    notebook: Notebook,
    now: (ids: ReadonlySet<string>) => readonly Case[],
    find: FindCase,
    changed: () => void,
    several: CaseActions["several"],
  ) {
    this.#locale = locale;
    this.#notebook = notebook;
    this.#now = now;
    this.#find = find;
    this.#changed = changed;
    this.#several = several;
  }

  get cases(): readonly Case[] {
    return this.#now(this.#chosen);
  }

  has(id: string): boolean {
    return this.#chosen.has(id);
  }

  set(ids: readonly string[], chosen: boolean): void {
    for (const id of ids) {
      if (chosen) this.#chosen.add(id);
      else this.#chosen.delete(id);
    }
    this.update();
    this.#changed();
  }

  /** @param shown the ids of the cases that the list shows */
  draw(shown: () => readonly string[]): HTMLElement {
    const { say } = this.#locale;
    this.#work = null;
    const all = button(say("work-choose-all"), () => this.set(shown(), true));
    all.id = "choose-all";
    const none = button(say("work-choose-none"), () => this.set([...this.#chosen], false));
    none.id = "choose-none";
    const one = button(say("people-merge"), () => void this.#notebook.change(linkAll([...this.#chosen], true)));
    one.id = "merge";
    const details = make("details", { id: "write-all" }, make("summary", {}, ""), make("p", { class: "actions" }, one));
    this.#bar.setAttribute("aria-label", say("work-chosen-title"));
    this.#more = this.#several?.(() => this.cases) ?? null;
    const more = this.#more === null ? [] : [this.#more.element];
    this.#bar.replaceChildren(make("p", { class: "actions" }, all, none), details, ...more);
    this.update();
    return this.#bar;
  }

  update(): void {
    const count = this.cases.length;
    const details = this.#bar.querySelector<HTMLDetailsElement>("#write-all");
    const summary = this.#bar.querySelector("#write-all > summary");
    if (details === null || summary === null) return;
    details.hidden = count === 0;
    if (this.#more !== null) this.#more.element.hidden = count === 0;
    this.#more?.update();
    summary.textContent = this.#locale.say("work-chosen", { count: String(count) });
    if (count === 0) return;
    if (this.#work !== null) this.#work.update();
    else {
      this.#work = workView(this.#locale, this.#notebook, () => this.cases, this.#find);
      summary.after(this.#work.element);
    }
  }
}
