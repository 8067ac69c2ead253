import { showHidden } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { IndexData } from "./data.js";
import type { Say } from "./words.js";

/** What a page does not hold. */
export function leftOut(say: Say, data: Omit<IndexData, "cases">): HTMLElement[] {
  const said = (id: string, count: number) =>
    count === 0 ? [] : [make("p", { class: "alert" }, say(id, { count: String(count) }))];
  return [
    ...said("index-shortened", data.shortened),
    ...said("index-omitted", data.omitted),
    ...said("index-omitted-notes", data.omittedNotes),
    ...(data.damagedLogs.length === 0
      ? []
      : [make("p", { class: "alert" }, say("index-damaged-logs", { names: showHidden(data.damagedLogs.join(", ")) }))]),
  ];
}
