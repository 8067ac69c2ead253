import { type Case, linkAll, type NoteChange, type Person, showHidden, splitOff } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { Locale } from "./words.js";

/** The cases that may be about one person, collapsed; each is as in the list. */
export function personView(
  locale: Locale,
  { name, cases, confirmed = false, disputed = false }: Person,
  caseElement: (one: Case) => HTMLElement,
  decide: (changes: readonly NoteChange[]) => void,
): HTMLElement {
  const { say } = locale;
  const words = say("index-person", { name: showHidden(name) || "—", count: String(cases.length) });
  const marks = [...(confirmed ? ["people-confirmed"] : []), ...(disputed ? ["people-disputed"] : [])];
  const summary = make("summary", {}, make("bdi", {}, words), ...marks.map((id) => ` · ${say(id)}`));
  const details = make("details", { class: "person" }, summary);
  const ids = cases.map(({ id }) => id);
  const confirm = button(say("people-confirm"), () => decide(linkAll(ids, true)));
  confirm.className = "quiet confirm";
  const rows = (): HTMLElement[] =>
    cases.map((one) => {
      const split = button(say("people-split", { folder: one.folder }), () => decide(splitOff(one.id, ids, confirmed)));
      split.className = "quiet split";
      return make("div", {}, caseElement(one), make("p", { class: "actions" }, split));
    });
  details.addEventListener(
    "toggle",
    () => details.append(make("div", {}, ...(confirmed ? [] : [make("p", { class: "actions" }, confirm)]), ...rows())),
    { once: true },
  );
  return details;
}
