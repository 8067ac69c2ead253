import type { CaseList } from "./case-list.js";
import type { Notebook } from "./notebook.js";
import { type Served, type ServedCases, ServedError } from "./served.js";

/** Between two questions, ms. */
const INTERVAL_MS = 2_000;

/**
 * Asks the desk, again and again, for what other desks and other pages wrote, and for cases that came or went. What
 * somebody is typing meanwhile stays.
 */
export class ServedNews {
  readonly #served: Served;
  readonly #notebook: Notebook;
  readonly #list: CaseList;
  readonly #told: () => void;
  #contents: ServedCases;
  #fault: ServedError["code"] | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param told called once {@link contents} or {@link fault} are others */
  constructor(served: Served, notebook: Notebook, list: CaseList, contents: ServedCases, told: () => void) {
    this.#served = served;
    this.#notebook = notebook;
    this.#list = list;
    this.#told = told;
    this.#contents = contents;
  }

  /** All cases, as far as the page has them. Their notes are in the notebook. */
  get contents(): ServedCases {
    return this.#contents;
  }

  /** Why the last question had no answer. */
  get fault(): ServedError["code"] | null {
    return this.#fault;
  }

  /** Begins to ask. The list and the notebook have everything until now. */
  begin(): void {
    // A page that nobody sees is slowed down by its browser.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#askIn(0);
    });
    this.#askIn(INTERVAL_MS);
  }

  #askIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      this.#timer = null;
      const fault = await this.#ask().then(
        () => null,
        (cause: unknown) => (cause instanceof ServedError ? cause.code : "failed"),
      );
      if (fault !== this.#fault) {
        this.#fault = fault;
        this.#told();
      }
      if (this.#timer === null) this.#askIn(INTERVAL_MS);
    }, ms);
  }

  async #ask(): Promise<void> {
    const { cursor, damagedLogs } = this.#contents;
    const news = await this.#served.news(cursor);
    if (news === null || news.cursor.cases !== cursor.cases) {
      this.#contents = await this.#served.contents();
      if (news === null) this.#notebook.replace(this.#contents.notes);
      else this.#notebook.add(this.#contents.notes);
      this.#showCases();
      return;
    }
    this.#notebook.add(news.events);
    this.#contents = { ...this.#contents, cursor: news.cursor, damagedLogs: news.damagedLogs };
    if (damagedLogs.join("\n") !== news.damagedLogs.join("\n")) this.#told();
  }

  #showCases(): void {
    this.#list.set(this.#contents.cases);
    this.#list.refresh();
    this.#told();
  }
}
