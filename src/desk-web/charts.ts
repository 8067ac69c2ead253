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
    const byDay = (): Counts => {
      const counts = tally(cases.map(({ day }) => day));
      return counts.sort(([left], [right]) => (left < right ? -1 : 1)).slice(-MAX_DAYS);
    };
    const views = [this.#chart(say("index-by-day"), byDay)];
    for (const { id, question, labels } of questions.filter((each) => each.labels.length > 0)) {
      const chosen = (): Counts =>
        tally(cases.flatMap((one) => answersTo(one, id).flatMap((each) => each.chosen))).slice(0, labels.length);
      views.push(this.#chart(showHidden(question), chosen));
    }
    return make("div", { id: "charts" }, ...views);
  }

  /** Counted once somebody opens it: a year of days would take half the time of a search. */
  #chart(title: string, counts: () => Counts): HTMLElement {
    const details = make("details", { class: "chart-table" }, make("summary", {}, title));
    let isDrawn = false;
    const draw = () => {
      if (!isDrawn) details.append(chartTable(counts()));
      isDrawn = true;
    };
    if (this.#open.has(title)) {
      details.open = true;
      draw();
    }
    details.addEventListener("toggle", () => {
      if (!details.open) return void this.#open.delete(title);
      this.#open.add(title);
      draw();
    });
    return details;
  }
}

type Counts = readonly (readonly [label: string, count: number])[];

function chartTable(counts: Counts): HTMLElement {
  const most = Math.max(1, ...counts.map(([, each]) => each));
  const bars = counts.map(([label, each]) => {
    const bar = make("meter", { min: "0", max: String(most), value: String(each) }, String(each));
    const head = make("th", { scope: "row" }, showHidden(label));
    return make("tr", {}, head, make("td", {}, bar), make("td", {}, String(each)));
  });
  return make("table", {}, make("tbody", {}, ...bars));
}
