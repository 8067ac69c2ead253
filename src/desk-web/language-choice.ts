import { button, make } from "../dom/index.js";
import type { Voice } from "./words.js";

/** A button for each language; the page is drawn anew in the one that is pressed. */
export function languageChoice(voice: Voice, draw: () => void): HTMLElement {
  const buttons = voice.languages.map(([language, name]) => {
    const made = button(name, () => {
      voice.language = language;
      draw();
    });
    made.lang = language;
    made.setAttribute("aria-pressed", String(language === voice.language));
    return made;
  });
  return make("p", { class: "actions" }, ...buttons);
}
