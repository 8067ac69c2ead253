import {
  type AskedQuestion,
  CASE_MARKS,
  CASE_STATUSES,
  type Case,
  type CaseFilter,
  showHidden,
  tally,
} from "../cases/index.js";
import { make } from "../dom/index.js";
import type { Say } from "./words.js";

type Options = readonly (readonly [value: string, words: string])[];

/** Of a form: cases that somebody made by hand may name as many as they like. */
const MAX_LANGUAGES = 20;
/** Assignees or tags. */
const MAX_NAMES = 100;

/** The fields of the filter, without the search. */
export function filterFields(
  say: Say,
  filter: CaseFilter,
  cases: readonly Case[],
  questions: readonly AskedQuestion[],
  change: (some: Partial<CaseFilter>) => void,
): HTMLElement {
  const all = ["", say("index-any")] as const;
  const statuses = CASE_STATUSES.map((each) => [each, say(`status-${each}`)] as const);
  const spoken = tally(cases.map(({ language }) => language))
    .slice(0, MAX_LANGUAGES)
    .map(([each]) => [each, showHidden(each)] as const);
  const assignees = namesAmong(cases.flatMap(({ assignee }) => assignee ?? []));
  const tags = namesAmong(cases.flatMap((one) => one.tags ?? []));
  const marks = CASE_MARKS.map((each) => [each, say(`index-mark-${each}`)] as const);
  const documents = [
    ["with", say("index-with-documents")],
    ["without", say("index-without-documents")],
  ] as const;
  const orders = ["new", "old", "documents"].map((each) => [each, say(`index-sort-${each}`)] as const);
  return make(
    "div",
    { class: "filters" },
    chooser("status", say("index-status"), filter.status, [all, ...statuses], (status) => change({ status })),
    chooser("language", say("index-language"), filter.language, [all, ...spoken], (language) => change({ language })),
    chooser("documents", say("index-documents"), filter.documents, [all, ...documents], (value) =>
      change({ documents: value as CaseFilter["documents"] }),
    ),
    chooser("mark", say("index-mark"), filter.mark, [all, ...marks], (mark) =>
      change({ mark: mark as CaseFilter["mark"] }),
    ),
    ...(assignees.length === 0
      ? []
      : [
          chooser("assignee", say("work-assignee"), filter.assignee, [all, ...assignees], (assignee) =>
            change({ assignee }),
          ),
        ]),
    ...(tags.length === 0
      ? []
      : [chooser("tag", say("work-tags"), filter.tag, [all, ...tags], (tag) => change({ tag }))]),
    ...questions
      .filter(hasLabels)
      .map(({ id, question, labels }) =>
        chooser(
          `choice-${id}`,
          showHidden(question),
          filter.choices[id] ?? "",
          [all, ...labels.map((label) => [label, showHidden(label)] as const)],
          (label) => change({ choices: { [id]: label } }),
        ),
      ),
    chooser("sort", say("index-sort"), filter.sort, orders, (value) => change({ sort: value as CaseFilter["sort"] })),
  );
}

/** The most frequent ones, as options. */
function namesAmong(values: readonly string[]): Options {
  return tally(values)
    .slice(0, MAX_NAMES)
    .map(([each]) => [each, showHidden(each)] as const);
}

/** Fields for words of the answers that people typed, folded away: a form may have many. */
export function answerFields(
  say: Say,
  filter: CaseFilter,
  questions: readonly AskedQuestion[],
  change: (some: Partial<CaseFilter>) => void,
): HTMLElement[] {
  const typed = questions.filter((each) => !hasLabels(each));
  if (typed.length === 0) return [];
  const fields = typed.map(({ id, question }) => {
    const field = make("input", { id: `answer-${id}`, type: "search", autocomplete: "off" });
    field.value = filter.answers[id] ?? "";
    field.addEventListener("input", () => change({ answers: { [id]: field.value } }));
    return make("div", {}, make("label", { for: field.id }, showHidden(question)), field);
  });
  const details = make(
    "details",
    { id: "answers" },
    make("summary", {}, say("index-answers")),
    make("div", { class: "filters" }, ...fields),
  );
  details.open = typed.some(({ id }) => (filter.answers[id] ?? "") !== "");
  return [details];
}

function hasLabels({ labels }: AskedQuestion): boolean {
  return labels.length > 0;
}

function chooser(
  id: string,
  label: string,
  value: string,
  options: Options,
  choose: (value: string) => void,
): HTMLElement {
  const field = make("select", { id });
  for (const [each, words] of options) field.append(make("option", { value: each }, words));
  field.value = value;
  field.addEventListener("change", () => choose(field.value));
  return make("div", {}, make("label", { for: id }, label), field);
}
