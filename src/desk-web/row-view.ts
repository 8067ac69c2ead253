import { type Case, daysSince, rowOf, showHidden, statusesOf } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Locale } from "./words.js";

/** What the list tells of a case. Each part is isolated, so that none changes the direction of another. */
export function rowView({ say, days }: Locale, one: Case): (Node | string)[] {
  const age = daysSince(one.day, new Date());
  const statuses = statusesOf(one).map((each) => say(`status-${each}`));
  const facts = [one.day, ...(age === null ? [] : [days(age)]), one.folder, statuses.join(" / ")];
  const written = [
    ...(one.assignee === undefined ? [] : [one.assignee]),
    ...(one.due === undefined ? [] : [say("work-due-day", { day: one.due })]),
    ...(one.spam === true ? [say("work-spam")] : []),
    ...(one.duplicateOf === undefined ? [] : [say("work-is-duplicate")]),
    ...(one.tags ?? []).map((tag) => `#${tag}`),
  ].map((text) => make("bdi", { class: "facts" }, showHidden(text)));
  const told = rowOf(one).map(({ of, text }) => make("bdi", { class: "told", "data-of": of }, showHidden(text)));
  return [
    make("span", { class: "facts" }, facts.join(" · ")),
    ...written.flatMap((each) => [" · ", each]),
    " ",
    make("span", { class: "row" }, ...apart(told)),
  ];
}

/** With a separator between them, which people also hear and copy. */
function apart(parts: readonly HTMLElement[]): (Node | string)[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part]));
}
