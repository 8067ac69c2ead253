import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { CaseList } from "./case-list.js";
import { takeIndexData } from "./data.js";
import { languageChoice } from "./language-choice.js";
import { drawPicture } from "./picture.js";
import { showMain } from "./show-main.js";
import { Locale } from "./words.js";

// The index of cases, in a browser without a network.

const data = takeIndexData(document);
const locale = new Locale(data.words);
const { say } = locale;

const list = new CaseList(locale, {
  about: ({ folder, shortened }) => [
    ...(shortened === true ? [make("p", { class: "alert" }, say("index-shortened-case", { folder }))] : []),
    make("p", { class: "note" }, say("index-where", { folder }), " ", say("index-note-how", { folder })),
  ],
  document: (_of, { name, path, picture, warnings }) => {
    if (!picture || warnings.includes("mismatch")) return [];
    const show = button(say("index-picture"), async () => show.replaceWith(await drawPicture(path, showHidden(name))));
    return [show];
  },
  submission: () => [],
  end: () => [],
});
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
      make("p", { class: "note" }, say("index-offline")),
      ...leftOut(),
      list.draw(),
    ),
  );
}

function leftOut(): HTMLElement[] {
  const said = (id: string, count: number) =>
    count === 0 ? [] : [make("p", { class: "alert" }, say(id, { count: String(count) }))];
  return [...said("index-shortened", data.shortened), ...said("index-omitted", data.omitted)];
}

draw();
