import { button, byId, make } from "../dom/index.js";
import { type Answers, filesQuestion, isShown } from "../form/index.js";
import { questionPart, readAnswer } from "./answer-field.js";
import type { DocumentList } from "./document-list.js";
import type { FailureCode } from "./messages.js";
import type { ClientSettings, Say } from "./settings.js";

/**
 * The form as the page has it. Its fields have no names, its button is off and its policy allows no target: what is
 * written leaves only through the client.
 */
export class FormView {
  readonly #form = byId("form") as HTMLFormElement;
  readonly #send = byId("send") as HTMLButtonElement;
  readonly #state = byId("client-state");
  readonly #settings: ClientSettings;
  readonly #say: Say;
  /** Not read off the button: that is only what the page shows. */
  #ready = false;
  /** Undoes what was said about faults. */
  #forgetFaults = () => {};

  constructor(settings: ClientSettings, say: Say, send: () => void) {
    this.#settings = settings;
    this.#say = say;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#ready) send();
    });
    // Choices stand in no form, so that the browser has nothing to send: they are listened for where they are.
    this.#form.addEventListener("change", () => this.#ask());
    this.#ask();
  }

  /** Null when the form asks for no documents. */
  get filesField(): HTMLInputElement | null {
    const question = filesQuestion(this.#settings.form);
    return question === null ? null : (byId(`field-${question.id}`) as HTMLInputElement);
  }

  /** What was typed, by question; nothing is trimmed. Only questions that are asked after the other answers are in it. */
  get typed(): Answers {
    const all = this.#all;
    const { form } = this.#settings;
    const asked = form.questions.filter((question) => question.id in all && isShown(form, question, all));
    return Object.fromEntries(asked.map(({ id }) => [id, all[id] ?? ""]));
  }

  get #all(): Answers {
    const read = this.#settings.form.questions.map(
      (question) => [question.id, readAnswer(document, question)] as const,
    );
    return Object.fromEntries(read.flatMap(([id, answer]) => (answer === null ? [] : [[id, answer]])));
  }

  /** Shows the questions that are to be asked after what was answered so far. */
  #ask(): void {
    const { form } = this.#settings;
    const all = this.#all;
    for (const question of form.questions) {
      const part = questionPart(document, question);
      if (part !== null) part.hidden = !isShown(form, question, all);
    }
  }

  /** The receipt code of an earlier submission, as it was typed. */
  get receiptCode(): string {
    return this.#codeField.value;
  }

  set receiptCode(typed: string) {
    this.#codeField.value = typed;
  }

  get #codeField(): HTMLInputElement {
    return byId(`field-${RECEIPT_CODE}`) as HTMLInputElement;
  }

  preparing(): void {
    this.#allow(false);
    this.#state.replaceChildren(this.#say("client-preparing"));
  }

  ready(words: string): void {
    this.#allow(true);
    this.#state.replaceChildren(words);
  }

  /** What failed, and choices that the person makes: nothing is sent another way by itself. */
  unready(code: FailureCode, tryAgain: () => void, choices: readonly Node[]): void {
    this.#allow(false);
    const say = this.#say;
    this.#state.replaceChildren(
      make("strong", { class: "fault" }, say("client-unready")),
      make("p", {}, say(`client-fault-${code}`)),
      button(say("client-try-again"), tryAgain),
      ...choices,
    );
  }

  #allow(ready: boolean): void {
    this.#ready = ready;
    this.#send.disabled = !ready;
  }

  /** Shows the form again, as it was, with `message` beside its button. */
  comeBack(message: string): void {
    this.#state.replaceChildren(make("strong", { class: "fault" }, message));
    this.#send.focus();
  }

  /** Says what is wrong at the head of the form and beside each question, and takes the person to the first. */
  explain(faults: readonly FieldFault[], documents: DocumentList): void {
    this.#forgetFaults();
    const files = filesQuestion(this.#settings.form)?.id ?? null;
    const asked = this.#settings.form.questions;
    const undo: (() => void)[] = [];
    const links = faults.map(({ question, message }) => {
      const id = question ?? asked[0]?.id ?? RECEIPT_CODE;
      const field = id === files ? documents.chooser : byId(`field-${id}`);
      undo.push(describeFault(field, id, id !== files, message));
      const label = asked.find((each) => each.id === question)?.label ?? this.#say("receipt-code");
      const link = make("a", { href: "#" }, question === null ? message : `${label}: ${message}`);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        field.focus();
      });
      return { field, link };
    });
    const summary = make("div", { class: "alert", role: "alert" }, ...links.map(({ link }) => make("p", {}, link)));
    this.#form.prepend(summary);
    undo.push(() => summary.remove());
    this.#forgetFaults = () => {
      for (const step of undo) step();
    };
    links[0]?.field.focus();
  }

  /** Nothing of what was written stays in the page. */
  wipe(): void {
    this.#form.reset();
    this.#form.remove();
  }
}

/** Stands for the receipt code where a question's id is meant. */
export const RECEIPT_CODE = "receipt-code";

/** What is wrong, and with which question; null for the whole form. */
export interface FieldFault {
  readonly question: string | null;
  readonly message: string;
}

/** Says a fault below the help of its question, and to whoever hears the field read out. Returns what takes it back. */
function describeFault(field: HTMLElement, id: string, typed: boolean, message: string): () => void {
  const group = field.closest("fieldset");
  const described = group ?? field;
  const before = described.getAttribute("aria-describedby");
  const words = make("p", { class: "fault", id: `fault-${id}` }, message);
  const part = field.closest(".field");
  (part?.querySelector(".help") ?? part?.querySelector("label, legend"))?.after(words);
  part?.classList.add("faulty");
  described.setAttribute("aria-describedby", [words.id, before ?? ""].join(" ").trim());
  if (typed && group === null) field.setAttribute("aria-invalid", "true");
  return () => {
    words.remove();
    part?.classList.remove("faulty");
    field.removeAttribute("aria-invalid");
    if (before === null) described.removeAttribute("aria-describedby");
    else described.setAttribute("aria-describedby", before);
  };
}
