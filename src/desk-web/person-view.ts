import { type Person, showHidden } from "../cases/index.js";
import { make } from "../dom/index.js";
import { type CaseActions, caseView } from "./case-view.js";
import type { Locale } from "./words.js";

/** The cases that may be about one person, collapsed; each is as in the list. */
export function personView(locale: Locale, { name, cases }: Person, actions: CaseActions): HTMLElement {
  const { say } = locale;
  const words = say("index-person", { name: showHidden(name) || "—", count: String(cases.length) });
  const details = make("details", { class: "person" }, make("summary", {}, make("bdi", {}, words)));
  details.addEventListener(
    "toggle",
    () => details.append(make("div", {}, ...cases.map((one) => caseView(locale, one, actions)))),
    { once: true },
  );
  return details;
}
