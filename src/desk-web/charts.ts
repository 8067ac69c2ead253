import { type AskedQuestion, answersTo, type Case, showHidden, tally } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Say } from "./words.js";

/** The last year. */
const MAX_DAYS = 366;

/** Charts of the cases per day, and of the choices per question. */
export class Charts {
  /** Titles of open charts: they are redrawn at every keystroke in the search, and must stay open. */
  readonly #open = new Set<string>();

  draw(say: Say, cases: readonly Case[], questions: readonly AskedQuestion[]): HTMLElement {
    const byDay = tally(cases.map(({ day }) => day)).sort(([left], [right]) => (left < right ? -1 : 1));
    const views = [this.#chart(say("index-by-day"), byDay.slice(-MAX_DAYS))];
    for (const { id, question, labels } of questions.filter((each) => each.labels.length > 0)) {
      const chosen = tally(cases.flatMap((one) => answersTo(one, id).flatMap((each) => each.chosen)));
      views.push(this.#chart(showHidden(question), chosen.slice(0, labels.length)));
    }
    return make("div", { id: "charts" }, ...views);
  }

  #chart(title: string, counts: readonly (readonly [string, number])[]): HTMLElement {
    const most = Math.max(1, ...counts.map(([, each]) => each));
    const bars = counts.map(([label, each]) => {
      const bar = make("meter", { min: "0", max: String(most), value: String(each) }, String(each));
      const head = make("th", { scope: "row" }, showHidden(label));
      return make("tr", {}, head, make("td", {}, bar), make("td", {}, String(each)));
    });
    const table = make("table", {}, make("tbody", {}, ...bars));
    const details = make("details", { class: "chart-table" }, make("summary", {}, title), table);
    details.open = this.#open.has(title);
    details.addEventListener("toggle", () => void (details.open ? this.#open.add(title) : this.#open.delete(title)));
    return details;
  }
}
