import {
  CASE_STATUSES,
  type Case,
  type Conflicts,
  type DatedNote,
  isCaseId,
  MAX_LABEL_CHARS,
  type NoteChange,
  type NoteSet,
  showHidden,
  showLetter,
} from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { Notebook } from "./notebook.js";
import { printCases } from "./print-view.js";
import type { Locale, Say } from "./words.js";

/** Fields in which staff write of one case or of several. */
export interface WorkView {
  readonly element: HTMLElement;
  /** Shows what is kept. */
  readonly update: () => void;
}

/** How to find the case that staff name as the one of which others are a duplicate. */
export type FindCase = (typed: string) => Case | null;

let views = 0;

/** @param chosen the cases as they are now; what is typed is written of all of them */
export function workView(locale: Locale, notebook: Notebook, chosen: () => readonly Case[], find: FindCase): WorkView {
  const { say } = locale;
  views += 1;
  const id = (name: string) => `work-${views}-${name}`;
  const write = async (set: NoteSet) => {
    await notebook.change(chosen().map((one): NoteChange => ({ case: one.id, set })));
    update();
  };
  const status = make("select", { id: id("status") });
  for (const each of CASE_STATUSES) status.append(make("option", { value: each }, say(`status-${each}`)));
  status.addEventListener("change", () => {
    const known = CASE_STATUSES.find((each) => each === status.value);
    if (known !== undefined) void write({ status: known });
  });
  const assignee = make("input", { id: id("assignee"), autocomplete: "off", maxlength: String(MAX_LABEL_CHARS) });
  assignee.addEventListener("change", () => void write({ assignee: assignee.value }));
  const due = make("input", { id: id("due"), type: "date" });
  due.addEventListener("change", () => void write({ due: due.value }));
  const tag = make("input", { id: id("tag"), autocomplete: "off", maxlength: String(MAX_LABEL_CHARS) });
  tag.addEventListener("change", () => {
    const typed = tag.value.trim();
    tag.value = "";
    if (typed !== "") void write({ tag: typed, on: true });
  });
  const duplicate = make("input", { id: id("duplicate"), autocomplete: "off" });
  const wrong = make("p", { class: "fault", role: "alert" });
  duplicate.addEventListener("change", () => {
    const other = duplicate.value.trim() === "" ? "" : (find(duplicate.value.trim())?.id ?? null);
    const isItself = chosen().some((one) => one.id === other);
    wrong.textContent = other === null || isItself ? say("work-no-case") : "";
    if (other !== null && !isItself) void write({ duplicateOf: other });
  });
  const spam = button(say("work-spam"), () => void write({ spam: !chosen().every((one) => one.spam === true) }));
  const note = make("textarea", { id: id("note"), rows: "2", class: "work-note" });
  const add = button(say("work-add-note"), async () => {
    const text = note.value.trim();
    if (text === "") return;
    const kept = await notebook.change(chosen().map((one): NoteChange => ({ case: one.id, set: { note: text } })));
    if (kept) note.value = "";
    update();
  });
  const toPrint = button(say("work-print"), () => printCases(locale, chosen()));
  toPrint.className = "quiet print";
  const shown = make("div", { class: "work-shown" });
  const field = (name: string, input: HTMLElement) =>
    make("div", {}, make("label", { for: id(name) }, say(`work-${name}`)), input);
  const element = make(
    "div",
    { class: "work" },
    make(
      "div",
      { class: "filters" },
      field("status", status),
      field("assignee", assignee),
      field("due", due),
      field("tag", tag),
      field("duplicate", duplicate),
    ),
    wrong,
    shown,
    make("div", { class: "field" }, make("label", { for: note.id }, say("work-note")), note),
    make("p", { class: "actions" }, add, spam, toPrint),
  );
  const update = () => {
    const cases = chosen();
    status.value = common(cases.map((one) => one.status)) ?? "";
    show(assignee, common(cases.map((one) => one.assignee ?? "")) ?? "");
    show(due, common(cases.map((one) => one.due ?? "")) ?? "");
    show(duplicate, common(cases.map((one) => find(one.duplicateOf ?? "")?.folder ?? "")) ?? "");
    spam.setAttribute("aria-pressed", String(cases.length > 0 && cases.every((one) => one.spam === true)));
    const [only] = cases;
    const notes = cases.length === 1 && only !== undefined ? notebook.book.notes(only.id) : [];
    shown.replaceChildren(
      ...tagsView(say, cases, (name) => void write({ tag: name, on: false })),
      ...(only === undefined || cases.length > 1 ? [] : conflictsView(say, only, find)),
      ...notesView(locale, notes, (each) => {
        if (only !== undefined)
          void notebook.change([{ case: only.id, set: { note: "" }, replaces: [each.id] }]).then(update);
      }),
    );
  };
  update();
  return { element, update };
}

/** Shows what is kept, unless somebody is typing there: another desk's note may come at any moment. */
function show(field: HTMLInputElement, value: string): void {
  const isTyped = document.activeElement === field && field.value !== field.defaultValue;
  field.defaultValue = value;
  if (!isTyped) field.value = value;
}

function tagsView(say: Say, cases: readonly Case[], remove: (tag: string) => void): HTMLElement[] {
  const tags = [...new Set(cases.flatMap((one) => one.tags ?? []))].sort();
  if (tags.length === 0) return [];
  const items = tags.map((tag) => {
    const off = button("✕", () => remove(tag));
    off.setAttribute("aria-label", say("work-remove-tag", { tag: showHidden(tag) }));
    return make("li", {}, make("bdi", {}, showHidden(tag)), " ", off);
  });
  return [make("ul", { class: "tags", "aria-label": say("work-tags") }, ...items)];
}

/** What desks set without knowing of each other. To choose one is to write it anew. */
function conflictsView(say: Say, one: Case, find: FindCase): HTMLElement[] {
  const { assignee = [], due = [], duplicateOf = [], spam = [] }: Conflicts = one.conflicts ?? {};
  const nobody = (text: string) => (text === "" ? "—" : showHidden(text));
  const lines = [
    ["status", (one.otherStatuses ?? []).map((each) => say(`status-${each}`))],
    ["assignee", assignee.map(nobody)],
    ["due", due.map(nobody)],
    ["duplicate", duplicateOf.map((id) => nobody(isCaseId(id) ? (find(id)?.folder ?? id) : ""))],
    ["spam", spam.map((each) => say(each ? "work-spam" : "work-no-spam"))],
  ] as const;
  return lines
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) =>
      make("p", { class: "alert" }, say("work-conflict", { what: say(`work-${name}`), others: values.join(", ") })),
    );
}

function notesView({ say }: Locale, notes: readonly DatedNote[], remove: (note: DatedNote) => void): HTMLElement[] {
  if (notes.length === 0) return [];
  const items = notes.map((each) => {
    const by = [each.at.slice(0, 16).replace("T", " "), each.by].filter((part) => part !== "").join(" · ");
    const off = button(say("work-remove-note"), () => remove(each));
    return make(
      "li",
      {},
      make("bdi", { class: "facts" }, showHidden(by)),
      make("div", { class: "staff-note" }, showLetter(each.text)),
      off,
    );
  });
  return [make("ul", { class: "notes", "aria-label": say("index-note") }, ...items)];
}

/** What all have; null if they differ. */
function common<Value>(values: readonly Value[]): Value | null {
  const [first] = values;
  return first !== undefined && values.every((each) => each === first) ? first : null;
}
