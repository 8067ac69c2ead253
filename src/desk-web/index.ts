import { button, make } from "../dom/index.js";
import { CaseList } from "./case-list.js";
import type { IndexData } from "./data.js";
import { languageChoice } from "./language-choice.js";
import { drawPicture } from "./picture.js";
import { showHidden } from "./show-hidden.js";
import { showMain } from "./show-main.js";
import { Locale } from "./words.js";

// The index of cases, in a browser without a network.

const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as IndexData;
const locale = new Locale(data.words);
const { say } = locale;

const list = new CaseList(locale, {
  about: ({ folder }) => [
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
      list.draw(),
    ),
  );
}

draw();
