import { button, make } from "../dom/index.js";
import { CaseList } from "./case-list.js";
import type { RoomData } from "./data.js";
import { languageChoice } from "./language-choice.js";
import { drawPicture } from "./picture.js";
import { showMain } from "./save.js";
import { showHidden } from "./show-hidden.js";
import { Voice } from "./words.js";

// The index of cases, in a browser with no network.

const data = JSON.parse(document.getElementById("data")?.textContent ?? "") as RoomData;
const voice = new Voice(data.words);
const { say } = voice;

const list = new CaseList(voice, {
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
  document.documentElement.lang = voice.language;
  document.title = say("index-title");
  showMain(
    make(
      "main",
      {},
      languageChoice(voice, draw),
      make("h1", {}, say("index-title")),
      make("p", { class: "note" }, say("index-offline")),
      list.draw(),
    ),
  );
}

draw();
