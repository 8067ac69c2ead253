import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { embeddedEngine } from "../reading/index.js";
import { CaseList } from "./case-list.js";
import type { CaseActions } from "./case-view.js";
import { takeIndexData } from "./data.js";
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

const data = takeIndexData(document);
const locale = new Locale(data.words);
const { say } = locale;

/** The page may load pictures, and read no other file. */
const SOURCE: DocumentSource = { script: embeddedEngine, file: null, explain: () => say("reading-fault-crashed") };

const log = new LogFile();
const notebook = new Notebook(data.notes, log);
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
list.set(data.cases);

function draw(): void {
  document.documentElement.lang = locale.language;
  document.title = say("index-title");
  showMain(
    make(
      "main",
      {},
      languageChoice(locale, draw),
      make("h1", {}, say("index-title")),
      make("p", { class: "note" }, say("index-offline"), " ", say("index-log-how")),
      ...leftOut(say, data),
      list.draw(),
    ),
  );
}

/** What was written would be lost with the page. */
addEventListener("beforeunload", (event) => {
  if (!log.saved) event.preventDefault();
});
draw();
