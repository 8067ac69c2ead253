import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { embeddedEngine } from "../reading/index.js";
import { CaseList } from "./case-list.js";
import type { CaseActions } from "./case-view.js";
import { type IndexEnd, takeIndexRest, takeIndexStart } from "./data.js";
import { languageChoice } from "./language-choice.js";
import { leftOut } from "./left-out.js";
import { LogFile } from "./log-file.js";
import { Notebook } from "./notebook.js";
import { drawPicture } from "./picture.js";
import { type DocumentSource, readingActions } from "./reading-actions.js";
import { showMain } from "./show-main.js";
import { StaffBar } from "./staff-bar.js";
import { Locale } from "./words.js";

// The index of cases, in a browser without a network.

const newest = takeIndexStart(document);
const locale = new Locale(newest.words);
const { say } = locale;

/** The page may load pictures, and read no other file. */
const SOURCE: DocumentSource = { script: embeddedEngine, file: null, explain: () => say("reading-fault-crashed") };

let hasNotes: () => void = () => undefined;
const log = new LogFile(new Promise<void>((resolve) => (hasNotes = resolve)));
const notebook = new Notebook(newest.notes, log);
log.attach(notebook);
const actions: CaseActions = {
  about: ({ folder, shortened }) => [
    ...(shortened === true ? [make("p", { class: "alert" }, say("index-shortened-case", { folder }))] : []),
    make("p", { class: "note" }, say("index-where", { folder })),
  ],
  document: (of, document) => {
    const { name, path, picture, warnings } = document;
    const read = readingActions(say, SOURCE, of, document);
    if (!picture || warnings.includes("mismatch")) return read;
    const show = button(say("index-picture"), async () => show.replaceWith(await drawPicture(path, showHidden(name))));
    return [show, ...read];
  },
  submission: () => [],
  end: () => [],
};
const list = new CaseList(locale, actions, notebook, new StaffBar(locale, notebook, log));
list.set(newest.cases);
const progress = make("progress", { max: String(Math.max(newest.total, 1)), value: String(newest.cases.length) });
const introduction = make("p", { class: "note" });
let notices: readonly HTMLElement[] = [];
let end: IndexEnd | null = null;

function draw(): void {
  document.documentElement.lang = locale.language;
  introduction.replaceChildren(`${say("index-offline")} ${say("index-log-how")}`);
  document.title = say("index-title");
  showMain(
    make("main", {}, languageChoice(locale, draw), make("h1", {}, say("index-title")), introduction, list.draw()),
  );
  tell();
}

/** A page that is cut off never says that it has all cases. */
function tell(): void {
  if (end !== null) {
    notify(leftOut(say, end));
    return;
  }
  if (newest.total <= newest.cases.length && document.readyState === "loading") return;
  const label = say("work-loading-rest", { count: String(newest.total) });
  progress.setAttribute("aria-label", label);
  notify([make("p", {}, label, " ", progress)]);
}

function notify(elements: readonly HTMLElement[]): void {
  for (const old of notices) old.remove();
  introduction.after(...elements);
  notices = elements;
}

/** The newest cases are shown while the others come. */
async function showRest(): Promise<void> {
  end = await takeIndexRest(
    document,
    (notes) => {
      notebook.add(notes);
      hasNotes();
    },
    (cases) => {
      list.add(cases);
      progress.value += cases.length;
    },
  );
  tell();
  if (end !== null && newest.total > newest.cases.length) list.refresh();
}

/** What was written would be lost with the page. */
addEventListener("beforeunload", (event) => {
  if (!log.saved) event.preventDefault();
});
draw();
void showRest();
