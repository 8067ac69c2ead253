import { type Case, daysSince, rowOf, showHidden } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Locale } from "./words.js";

/** What the list tells of a case. Each part is isolated, so that none changes the direction of another. */
export function rowView({ say, days }: Locale, one: Case): (Node | string)[] {
  const age = daysSince(one.day, new Date());
  const facts = [one.day, ...(age === null ? [] : [days(age)]), one.folder, say(`status-${one.status}`)];
  const told = rowOf(one).map(({ of, text }) => make("bdi", { class: "told", "data-of": of }, showHidden(text)));
  return [make("span", { class: "facts" }, facts.join(" · ")), " ", make("span", { class: "row" }, ...apart(told))];
}

/** With a separator between them, which people also hear and copy. */
function apart(parts: readonly HTMLElement[]): (Node | string)[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part]));
}
