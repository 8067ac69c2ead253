import { type RoomCase, type RoomData, type RoomDocument, type RoomSubmission, textOf } from "./data.js";
import { make, save } from "./dom.js";
import { type SearchableCase, select, tally, type Wanted } from "./filter.js";
import { drawPicture } from "./picture.js";
import { normalise } from "./search.js";
import { writeCsv } from "./table.js";
import { showHidden, showLetter } from "./visible.js";

// The index of cases, in a browser with no network. Letters are text here, and never anything else.

const AT_ONCE = 100;
const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as RoomData;
const all: readonly SearchableCase[] = data.cases.map((one) => ({ one, text: normalise(textOf(one)) }));
let language = "uk";
let shown = AT_ONCE;
const openCharts = new Set<string>();
let wanted: Wanted = { typed: "", status: "", language: "", documents: "", choices: {}, sort: "new" };

const say = (id: string, values: Readonly<Record<string, string>> = {}): string =>
  (data.words[language]?.[id] ?? id).replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");

const results = make("div", { id: "results" });
const count = make("p", { role: "status" });
const more = make("button", { type: "button", class: "quiet" });
more.addEventListener("click", () => {
  shown += AT_ONCE;
  showResults();
});

function showPage(): void {
  document.documentElement.lang = language;
  document.title = say("index-title");
  const search = make("input", { id: "search", type: "search", autocomplete: "off" });
  search.value = wanted.typed;
  search.addEventListener("input", () => change({ typed: search.value }));
  const languages = Object.keys(data.words).map((each) => {
    const button = make(
      "button",
      { type: "button", class: "quiet", lang: each },
      data.words[each]?.["language-name"] ?? each,
    );
    button.setAttribute("aria-pressed", String(each === language));
    button.addEventListener("click", () => {
      language = each;
      showPage();
    });
    return button;
  });
  const statuses = ["new", "reading", "waiting", "answered", "closed"].map(
    (each) => [each, say(`status-${each}`)] as const,
  );
  const spoken = tally(data.cases.map((one) => one.language)).map(([each]) => [each, each] as const);
  const filters = [
    chooser("status", say("index-status"), wanted.status, statuses, (status) => change({ status })),
    chooser("language", say("index-language"), wanted.language, spoken, (chosen) => change({ language: chosen })),
    chooser(
      "documents",
      say("index-documents"),
      wanted.documents,
      [
        ["with", say("index-with-documents")],
        ["without", say("index-without-documents")],
      ],
      (documents) => change({ documents: documents as Wanted["documents"] }),
    ),
    ...questions().map(([id, { question, labels }]) =>
      chooser(
        `choice-${id}`,
        showHidden(question),
        wanted.choices[id] ?? "",
        labels.map((label) => [label, showHidden(label)]),
        (label) => change({ choices: { ...wanted.choices, [id]: label } }),
      ),
    ),
    sorter(),
  ];
  const csv = make("button", { type: "button", class: "quiet", id: "csv" }, say("index-csv"));
  csv.addEventListener("click", () => save("cases.csv", "text/csv", writeCsv(rows())));
  const json = make("button", { type: "button", class: "quiet", id: "json" }, say("index-json"));
  json.addEventListener("click", () =>
    save("cases.json", "application/json", JSON.stringify(select(all, wanted), null, 1)),
  );
  const before = document.querySelector("main");
  const page = make(
    "main",
    {},
    make("p", { class: "actions" }, ...languages),
    make("h1", {}, say("index-title")),
    make("p", { class: "note" }, say("index-offline")),
    make("div", { class: "field" }, make("label", { for: "search" }, say("index-search")), search),
    make("div", { class: "filters" }, ...filters),
    make("p", { class: "actions" }, csv, json),
    count,
    charts(),
    results,
    more,
  );
  if (before === null) document.body.prepend(page);
  else before.replaceWith(page);
  showResults();
}

function change(some: Partial<Wanted>): void {
  wanted = { ...wanted, ...some };
  shown = AT_ONCE;
  showResults();
}

function showResults(): void {
  const found = select(all, wanted);
  count.textContent = say("index-count", { count: String(found.length) });
  results.replaceChildren(...found.slice(0, shown).map(caseView));
  more.textContent = say("index-more");
  more.hidden = found.length <= shown;
  document.getElementById("charts")?.replaceWith(charts());
}

function caseView(one: RoomCase): HTMLElement {
  const details = make("details", { class: "case" });
  const status = say(`status-${one.status}`);
  const first =
    one.letter
      .split("\n")
      .slice(1)
      .find((line) => line.trim() !== "") ?? "";
  details.append(make("summary", {}, `${one.day} · ${one.folder} · ${status} · ${showHidden(first).slice(0, 100)}`));
  // Built when it is wanted: thousands of letters at once would be slow to lay out.
  details.addEventListener(
    "toggle",
    () => {
      details.append(
        make(
          "p",
          { class: "note" },
          say("index-where", { folder: one.folder }),
          " ",
          say("index-note-how", { folder: one.folder }),
        ),
        ...(one.note === "" ? [] : [make("p", {}, `${say("index-note")}: ${showHidden(one.note)}`)]),
        ...(one.answerable ? [] : [make("p", { class: "note" }, say("index-no-answer"))]),
        ...submissionView(one),
        ...one.followUps.flatMap((each) => [
          make("h3", {}, say("index-follow-up", { day: each.day })),
          ...submissionView(each),
        ]),
      );
    },
    { once: true },
  );
  return details;
}

function submissionView({ letter, documents }: RoomSubmission): HTMLElement[] {
  const list = make("ul", {}, ...documents.map(documentView));
  return [make("pre", { class: "letter" }, showLetter(letter)), ...(documents.length === 0 ? [] : [list])];
}

function documentView({ name, bytes, path, picture, warnings }: RoomDocument): HTMLElement {
  const size = `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1024)} KiB`;
  const item = make("li", {}, make("bdi", {}, say("index-file", { name: showHidden(name), size })));
  for (const warning of warnings) item.append(" ", make("strong", { class: "fault" }, say(`warning-${warning}`)));
  if (picture && !warnings.includes("mismatch")) {
    const button = make("button", { type: "button", class: "quiet" }, say("index-picture"));
    button.addEventListener("click", async () => button.replaceWith(await drawPicture(path, showHidden(name))));
    item.append(" ", button);
  }
  return item;
}

type Options = readonly (readonly [value: string, words: string])[];

function chooser(
  id: string,
  label: string,
  value: string,
  options: Options,
  choose: (value: string) => void,
): HTMLElement {
  const field = make("select", { id });
  for (const [each, words] of [["", say("index-any")] as const, ...options])
    field.append(make("option", { value: each }, words));
  field.value = value;
  field.addEventListener("change", () => choose(field.value));
  return make("div", {}, make("label", { for: id }, label), field);
}

function sorter(): HTMLElement {
  const field = make("select", { id: "sort" });
  for (const each of ["new", "old", "documents"])
    field.append(make("option", { value: each }, say(`index-sort-${each}`)));
  field.value = wanted.sort;
  field.addEventListener("change", () => change({ sort: field.value as Wanted["sort"] }));
  return make("div", {}, make("label", { for: "sort" }, say("index-sort")), field);
}

/** Every question with choices that anybody has answered, with the labels that were chosen. */
function questions(): [string, { question: string; labels: string[] }][] {
  const found = new Map<string, { question: string; labels: string[] }>();
  for (const { choices } of data.cases) {
    for (const [id, { question, chosen }] of Object.entries(choices)) {
      const known = found.get(id) ?? { question, labels: [] };
      for (const label of chosen) if (!known.labels.includes(label)) known.labels.push(label);
      found.set(id, known);
    }
  }
  return [...found];
}

function charts(): HTMLElement {
  const found = select(all, wanted);
  const byDay = tally(found.map(({ day }) => day)).sort(([left], [right]) => (left < right ? -1 : 1));
  const views = [chart(say("index-by-day"), byDay)];
  for (const [id, { question }] of questions()) {
    views.push(chart(showHidden(question), tally(found.flatMap(({ choices }) => choices[id]?.chosen ?? []))));
  }
  return make("div", { id: "charts" }, ...views);
}

function chart(title: string, counts: readonly (readonly [string, number])[]): HTMLElement {
  const most = Math.max(1, ...counts.map(([, each]) => each));
  const bars = counts.map(([label, each]) => {
    const bar = make("meter", { min: "0", max: String(most), value: String(each) }, String(each));
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, showHidden(label)),
      make("td", {}, bar),
      make("td", {}, String(each)),
    );
  });
  const table = make("table", {}, make("tbody", {}, ...bars));
  const details = make("details", { class: "chart-table" }, make("summary", {}, title), table);
  // It is made anew at every letter that is typed, and must not shut meanwhile.
  details.open = openCharts.has(title);
  details.addEventListener("toggle", () => void (details.open ? openCharts.add(title) : openCharts.delete(title)));
  return details;
}

function rows(): string[][] {
  const asked = questions();
  const head = [
    "case",
    "folder",
    "day",
    "language",
    "status",
    "note",
    "documents",
    ...asked.map(([id]) => id),
    "letter",
  ];
  return [
    head,
    ...select(all, wanted).map((one) => [
      one.id,
      one.folder,
      one.day,
      one.language,
      one.status,
      one.note,
      [...one.documents, ...one.followUps.flatMap((each) => each.documents)].map(({ name }) => name).join("; "),
      ...asked.map(([id]) => one.choices[id]?.chosen.join("; ") ?? ""),
      one.letter,
    ]),
  ];
}

showPage();
