import { button, make } from "../dom/index.js";
import type { Locale } from "./words.js";

/** A button for each language, which redraws the page in it. */
export function languageChoice(locale: Locale, draw: () => void): HTMLElement {
  const buttons = locale.languages.map(([language, name]) => {
    const made = button(name, () => {
      locale.language = language;
      draw();
    });
    made.lang = language;
    made.setAttribute("aria-pressed", String(language === locale.language));
    return made;
  });
  return make("p", { class: "actions" }, ...buttons);
}
