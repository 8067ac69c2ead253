import { showHidden } from "../cases/index.js";
import { button, byId, make } from "../dom/index.js";
import { servedEngine } from "../reading/index.js";
import { AnswerView } from "./answer-view.js";
import { AnswerTexts } from "./answering.js";
import { CaseList } from "./case-list.js";
import type { CaseActions } from "./case-view.js";
import { drawn } from "./idle-time.js";
import { languageChoice } from "./language-choice.js";
import { leftOut } from "./left-out.js";
import { Notebook } from "./notebook.js";
import { drawBitmap } from "./picture.js";
import { type DocumentSource, readingActions } from "./reading-actions.js";
import { Served, ServedError } from "./served.js";
import { ServedNews } from "./served-news.js";
import { showMain } from "./show-main.js";
import { StaffBar } from "./staff-bar.js";
import { Locale, type Words } from "./words.js";

// The workbench, in a browser on the machine of `postern desk`.

const { words, engines } = JSON.parse(byId("data").textContent ?? "") as {
  readonly words: Words;
  readonly engines: readonly string[];
};
const locale = new Locale(words);
const { say } = locale;

async function start(): Promise<void> {
  showMain(make("main", {}, make("h1", {}, say("work-bench")), make("p", { role: "status" }, say("work-loading"))));
  const served = await Served.claim();
  const notebook = new Notebook([], served);
  const list = new CaseList(
    locale,
    actionsOf(served, new AnswerTexts(served, notebook)),
    notebook,
    new StaffBar(locale, notebook, null),
  );
  const notices = make("div", { role: "status" });
  let tell: () => void = () => undefined;
  const draw = () => {
    document.documentElement.lang = locale.language;
    document.title = say("work-bench");
    const heading = make("h1", {}, say("work-bench"));
    const notice = make("p", { class: "note" }, say("work-bench-note"));
    showMain(make("main", {}, languageChoice(locale, draw), heading, notice, notices, list.draw()));
    tell();
  };
  const progress = make("progress");
  // The newest cases are shown while the others come.
  const all = await served.contents(({ cases, notes, before, total }) => {
    notebook.add(notes);
    progress.max = Math.max(total, 1);
    progress.value = before + cases.length;
    if (before > 0) return list.add(cases);
    list.set(cases);
    tell = () => {
      const count = String(total);
      progress.setAttribute("aria-label", say("work-loading-rest", { count }));
      notices.replaceChildren(make("p", {}, say("work-loading-rest", { count }), " ", progress));
    };
    draw();
    return drawn();
  });
  const news = new ServedNews(served, notebook, list, all, () => tell());
  tell = () => {
    const fault = news.fault === null ? [] : [make("p", { class: "alert" }, say(`work-bench-${news.fault}`))];
    notices.replaceChildren(...fault, ...leftOut(say, news.contents));
  };
  list.refresh();
  tell();
  news.begin();
}

function actionsOf(served: Served, answers: AnswerTexts): CaseActions {
  const source: DocumentSource = {
    script: servedEngine(engines),
    file: (_of, { path }) => served.document(path),
    explain: (cause) => say(`work-bench-${cause instanceof ServedError ? cause.code : "failed"}`),
  };
  return {
    about: ({ folder, shortened }) => [
      ...(shortened === true ? [make("p", { class: "alert" }, say("index-shortened-case", { folder }))] : []),
      make("p", { class: "note" }, say("index-where", { folder })),
    ],
    document: (of, document) => {
      const { name, path, picture, warnings } = document;
      const read = readingActions(say, source, of, document);
      if (!picture || warnings.includes("mismatch")) return read;
      const show = button(say("index-picture"), async () => {
        const drawn = await served.document(path).then(
          (file) => drawBitmap(file, showHidden(name)),
          () => null,
        );
        show.replaceWith(drawn ?? make("span", { class: "fault" }, "✕"));
      });
      return [show, ...read];
    },
    submission: () => [],
    end: () => [],
    several: (chosen) => {
      const view = new AnswerView(locale, answers, chosen);
      return { element: view.element, update: () => view.update() };
    },
  };
}

start().catch((cause: unknown) => {
  const code = cause instanceof ServedError ? cause.code : "failed";
  document.documentElement.lang = locale.language;
  const heading = make("h1", {}, say("work-bench"));
  showMain(make("main", {}, heading, make("p", { class: "alert" }, say(`work-bench-${code}`))));
});
