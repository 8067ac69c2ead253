import type { Case } from "../cases/index.js";
import { ACKNOWLEDGEMENT } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import { CaseList } from "./case-list.js";
import type { CaseActions } from "./case-view.js";
import { documentActions, saveAll } from "./document-view.js";
import { filesView } from "./files-view.js";
import { keyView } from "./key-view.js";
import { keyWorkView } from "./key-work-view.js";
import { languageChoice } from "./language-choice.js";
import { LogFile } from "./log-file.js";
import { logsView } from "./logs-view.js";
import { Notebook } from "./notebook.js";
import { Drafts } from "./reply-view.js";
import { save } from "./save.js";
import { Session } from "./session.js";
import { showMain } from "./show-main.js";
import { StaffBar } from "./staff-bar.js";
import { Locale, type Words } from "./words.js";
import { WorkerPool } from "./worker-pool.js";

// The desk in one page: decrypts, shows and answers submissions in a browser without any connection.

/** More workers would only compete for memory. */
const MAX_WORKERS = 4;

const { words } = JSON.parse(byId("data").textContent ?? "") as { words: Words };
const locale = new Locale(words);
const { say } = locale;
const script = URL.createObjectURL(new Blob([byId("worker").textContent ?? ""], { type: "text/javascript" }));
const workers = new WorkerPool(script, Math.min(MAX_WORKERS, Math.max(1, navigator.hardwareConcurrency)));
const session = new Session(workers);
const drafts = new Drafts();
let work: { readonly language: string; readonly view: HTMLElement } | null = null;
const log = new LogFile();
const notebook = new Notebook([], log);
log.attach(notebook);
const actions: CaseActions = {
  about: () => [],
  document: (of, document) => documentActions(say, workers, session, of, document),
  // A person's own folder may have unsafe names in it.
  submission: (of) => ("foreign" in of ? [] : [make("p", { class: "actions" }, saveAll(say, workers, session, of))]),
  end: (one) => {
    const address = session.addressOf(one);
    return address === null ? [] : [drafts.view(say, workers, one, address, answered)];
  },
};
const list = new CaseList(locale, actions, notebook, new StaffBar(locale, notebook, log));

function draw(): void {
  document.documentElement.lang = locale.language;
  document.title = say("desk-title");
  const main = make(
    "main",
    {},
    languageChoice(locale, draw),
    make("h1", {}, say("desk-title")),
    make("p", {}, say("desk-lead")),
  );
  if (navigator.onLine) main.append(make("p", { class: "alert" }, say("desk-online")));
  main.append(keyView(say, session, draw));
  if (session.unlocked.size > 0) main.append(filesView(locale, session, opened));
  main.append(keyWork());
  if (session.size > 0) main.append(...casesView());
  if (session.unlocked.size > 0) {
    main.append(make("p", { class: "actions" }, button(say("desk-forget"), forget)));
  }
  showMain(main);
}

/** Made once for each language: what was made is lost with it. */
function keyWork(): HTMLElement {
  if (work?.language !== locale.language) work = { language: locale.language, view: keyWorkView(say, workers) };
  return work.view;
}

function casesView(): Node[] {
  const acknowledge = button(
    say("desk-acknowledge"),
    () => save(ACKNOWLEDGEMENT, new Blob([session.acknowledge()], { type: "application/json" })),
    "primary",
  );
  acknowledge.id = "acknowledge";
  return [
    make("h2", {}, say("desk-cases-title")),
    make("p", { class: "note" }, say("desk-acknowledge-help")),
    make("p", { class: "actions" }, acknowledge),
    make("p", { class: "note" }, say("desk-beware")),
    logsView(say, notebook),
    list.draw(),
  ];
}

function opened(): void {
  list.set(session.cases);
  draw();
}

function answered(one: Case): void {
  // Without a name, it is only marked in the page.
  if (notebook.by.trim() !== "") {
    void notebook.change([{ case: one.id, set: { status: "answered" } }]);
    return;
  }
  session.markAnswered(one);
  list.set(session.cases);
}

/** Only reloading the page reliably clears its memory. */
function forget(): void {
  workers.stop();
  removeEventListener("beforeunload", warn);
  document.body.replaceChildren();
  location.reload();
}

/** Leaving the page would lose an unsaved reply, acknowledgement or log. */
function warn(event: BeforeUnloadEvent): void {
  if (drafts.any || !session.acknowledged || !log.saved) event.preventDefault();
}

addEventListener("beforeunload", warn);
draw();
