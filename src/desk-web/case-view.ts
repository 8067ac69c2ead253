import { type Case, type CaseDocument, type CaseSubmission, showHidden, showLetter } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import { letterView } from "./letter-view.js";
import { rowView } from "./row-view.js";
import type { Locale } from "./words.js";
import type { WorkView } from "./work-view.js";

/** What a page adds to the view of a case. */
export interface CaseActions {
  /** Below a case's heading. */
  readonly about: (one: Case) => readonly Node[];
  /** Beside a document. */
  readonly document: (of: CaseSubmission, document: CaseDocument) => readonly Node[];
  /** After a submission. */
  readonly submission: (of: CaseSubmission) => readonly Node[];
  /** After everything else. */
  readonly end: (one: Case) => readonly Node[];
  /** Below the fields for several cases at once. */
  readonly several?: (chosen: () => readonly Case[]) => WorkView;
}

/** What the list does with a case that it shows. */
export interface CaseInList {
  /** The case with what staff wrote of it until now. */
  readonly now: () => Case;
  /** The fields in which staff write of it, made when it is opened. */
  readonly work: () => WorkView;
  /** Other cases that hold the same document. */
  readonly sharing: (document: CaseDocument) => readonly Case[];
  /** Shows another case that holds the same document. */
  readonly showSharing: (other: Case, document: CaseDocument) => void;
  readonly isChosen: () => boolean;
  readonly choose: (chosen: boolean) => void;
}

export interface CaseView {
  readonly element: HTMLElement;
  /** Shows what was written of it since. */
  readonly update: () => void;
}

/** Of other cases with the same document, how many are named: a form may be in thousands. */
const MAX_LINKS = 5;

/** One case, collapsed. Its contents are built when it is opened: laying out thousands of letters would be slow. */
export function caseView(locale: Locale, of: CaseInList, actions: CaseActions): CaseView {
  const { say } = locale;
  const one = of.now();
  const details = make("details", { class: "case" });
  const summary = make("summary");
  const chosen = make("input", {
    type: "checkbox",
    class: "choose",
    "aria-label": say("work-choose", { folder: one.folder }),
  });
  const notes = make("p", { class: "staff-note" });
  const below = make("div", { class: "below-case" });
  let work: WorkView | null = null;
  chosen.addEventListener("change", () => of.choose(chosen.checked));
  details.append(summary);
  details.addEventListener(
    "toggle",
    () => {
      details.append(
        ...actions.about(one),
        notes,
        ...(one.answerable ? [] : [make("p", { class: "note" }, say("index-no-answer"))]),
        ...mailView(locale, one),
        ...foreignView(locale, one),
        ...submissionView(locale, one, of, actions),
        ...one.followUps.flatMap((each) => [
          make("h3", {}, each.foreign ? say("index-encrypted") : say("index-follow-up", { day: each.day })),
          ...foreignView(locale, each),
          ...submissionView(locale, each, of, actions),
        ]),
        ...actions.end(one),
      );
    },
    { once: true },
  );
  // Below the letter, since staff read before they write; keys reach it from anywhere.
  details.addEventListener("toggle", () => {
    below.hidden = !details.open;
    if (work !== null || !details.open) return;
    work = of.work();
    below.append(work.element);
  });
  const update = () => {
    const { note } = of.now();
    chosen.checked = of.isChosen();
    summary.replaceChildren(...rowView(locale, of.now()));
    notes.hidden = note === "";
    notes.textContent = `${say("index-note")}: ${showLetter(note)}`;
    work?.update();
  };
  update();
  return { element: make("div", { class: "case-row", "data-case": one.id }, chosen, details, below), update };
}

/** Who seems to have sent a letter by mail. Anybody can write any sender into a mail. */
function mailView({ say }: Locale, { mail }: Case): Node[] {
  if (mail === undefined) return [];
  const from = showHidden(mail.from === "" ? "—" : mail.from);
  const proved = mail.sender?.proved ?? "";
  const words =
    proved === "" ? say("index-mail", { from }) : say("index-mail-domain", { from, domain: showHidden(proved) });
  return [make("p", { class: "note" }, words)];
}

/** What staff should know of a case that a person made with a program of their own. */
function foreignView({ say }: Locale, { foreign }: CaseSubmission): Node[] {
  if (foreign === undefined) return [];
  const { signers, leftOut } = foreign;
  const notes = [say("index-foreign")];
  if (signers.length > 0) notes.push(say("index-signed", { keys: showHidden(signers.join(", ")) }));
  if (leftOut.length > 0) notes.push(say("index-left-out", { names: showHidden(leftOut.join(", ")) }));
  return notes.map((words) => make("p", { class: "note" }, words));
}

function submissionView(locale: Locale, submission: CaseSubmission, of: CaseInList, actions: CaseActions): Node[] {
  const { letter, documents } = submission;
  const items = documents.map((document) => {
    const item = documentView(locale, document, actions.document(submission, document));
    item.append(...sharingView(locale, document, of));
    return item;
  });
  return [
    ...letterView(letter),
    ...(items.length === 0 ? [] : [make("ul", {}, ...items)]),
    ...actions.submission(submission),
  ];
}

/** Where else the same document is. */
function sharingView({ say }: Locale, document: CaseDocument, of: CaseInList): Node[] {
  const others = of.sharing(document);
  if (others.length === 0) return [];
  const links = others.slice(0, MAX_LINKS).map((other) => {
    const words = say("index-same-document-case", { folder: other.folder, day: other.day });
    return button(words, () => of.showSharing(other, document), "quiet same-document");
  });
  const more = others.length > MAX_LINKS ? [say("index-same-document-more", { digest: document.sha256 ?? "" })] : [];
  const parts = [say("index-same-document"), ...links, ...more];
  return [make("div", { class: "note" }, ...parts.flatMap((part, at) => (at === 0 ? [part] : [" ", part])))];
}

function documentView(
  { say, size }: Locale,
  { name, bytes, warnings }: CaseDocument,
  actions: readonly Node[],
): HTMLElement {
  const item = make("li", {}, make("bdi", {}, say("index-file", { name: showHidden(name), size: size(bytes) })));
  for (const warning of warnings) item.append(" ", make("strong", { class: "fault" }, say(`warning-${warning}`)));
  for (const action of actions) item.append(" ", action);
  return item;
}
