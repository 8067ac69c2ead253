import { readNoteLines, showHidden } from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Notebook } from "./notebook.js";
import type { Say } from "./words.js";

/** Larger logs are read by the workbench. */
const MAX_LOG_BYTES = 64 * 1024 ** 2;

/** The field that takes logs of notes, of any desk. */
export function logsView(say: Say, notebook: Notebook): HTMLElement {
  const field = make("input", { id: "logs", type: "file", multiple: "", accept: ".jsonl" });
  const status = make("p", { role: "status", id: "logs-read" });
  field.addEventListener("change", async () => {
    const damaged: string[] = [];
    let count = 0;
    for (const file of field.files ?? []) {
      const text = file.size > MAX_LOG_BYTES ? null : await file.text().catch(() => null);
      const read = text === null ? null : readNoteLines(text);
      if (read === null || read.damaged.length > 0) damaged.push(file.name);
      if (read === null) continue;
      notebook.add(read.events);
      count += read.events.length;
    }
    const words = [say("work-logs-read", { count: String(count) })];
    if (damaged.length > 0) words.push(say("index-damaged-logs", { names: showHidden(damaged.join(", ")) }));
    status.className = damaged.length > 0 ? "fault" : "";
    status.textContent = words.join(" ");
  });
  return make("div", { class: "field" }, make("label", { for: "logs" }, say("work-logs")), field, status);
}
