import { button, byId, make } from "../dom/index.js";
import { type Answers, filesQuestion, isShown } from "../form/index.js";
import { questionPart, RECEIPT_CODE, readAnswer } from "./answer-field.js";
import type { DocumentList } from "./document-list.js";
import { type FieldFault, showFaults } from "./field-faults.js";
import type { ClientSettings, Say } from "./settings.js";

/**
 * The form in the page. Its fields have no names, its button is disabled and the page's CSP allows no form target: only
 * the client can send what the user writes.
 */
export class FormView {
  readonly #form = byId("form") as HTMLFormElement;
  readonly #send = byId("send") as HTMLButtonElement;
  /** Where the person reads how far the client is. */
  readonly state = byId("client-state");
  readonly #settings: ClientSettings;
  readonly #say: Say;
  /** The button only shows this: it is never read from the button. */
  #ready = false;
  readonly #senders = [this.#send];
  #clearFaults = () => {};

  constructor(settings: ClientSettings, say: Say, send: () => void) {
    this.#settings = settings;
    this.#say = say;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#ready) send();
    });
    this.#form.addEventListener("change", () => this.#showAsked());
    this.#showAsked();
  }

  /** Null when the form asks for no documents. */
  get filesField(): HTMLInputElement | null {
    const question = filesQuestion(this.#settings.form);
    return question === null ? null : (byId(`field-${question.id}`) as HTMLInputElement);
  }

  /** Answers by question id, untrimmed. Questions hidden by other answers are left out. */
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

  /** Shows the questions that the answers so far call for, and hides the others. */
  #showAsked(): void {
    const { form } = this.#settings;
    const all = this.#all;
    for (const question of form.questions) {
      const part = questionPart(document, question);
      if (part !== null) part.hidden = !isShown(form, question, all);
    }
  }

  /** The receipt code of an earlier submission, as typed. */
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
    this.state.replaceChildren(this.#say("client-preparing"));
  }

  ready(words: string): void {
    this.#allow(true);
    this.state.replaceChildren(words);
  }

  /** Shows why the client cannot be used. The user picks one of `choices`: the client never falls back by itself. */
  unready(words: string, tryAgain: () => void, choices: readonly Node[]): void {
    this.#allow(false);
    const say = this.#say;
    this.state.replaceChildren(
      make("strong", { class: "fault" }, say("client-unready")),
      make("p", {}, words),
      button(say("client-try-again"), tryAgain),
      ...choices,
    );
  }

  #allow(ready: boolean): void {
    this.#ready = ready;
    for (const sender of this.#senders) sender.disabled = !ready;
  }

  /** Has `sender`, which submits the form too, show whether it can. */
  add(sender: HTMLButtonElement): void {
    this.#senders.push(sender);
    sender.disabled = !this.#ready;
  }

  /** Shows the form again, unchanged, with `message` and `choices` beside its button. */
  comeBack(message: string, kind: "fault" | "done" = "fault", choices: readonly Node[] = []): void {
    this.state.replaceChildren(make("strong", { class: kind }, message), ...choices);
    this.#send.focus();
  }

  /** Replaces the faults shown before with these. */
  explain(faults: readonly FieldFault[], documents: DocumentList): void {
    const { questions } = this.#settings.form;
    const files = filesQuestion(this.#settings.form)?.id;
    this.#clearFaults();
    const placed = faults.map(({ question, message }) => {
      const id = question ?? questions[0]?.id ?? RECEIPT_CODE;
      const label = questions.find((each) => each.id === question)?.label ?? this.#say("receipt-code");
      // Of a letter that is empty the field says enough.
      const said = question === null || message === this.#settings.form.enough;
      const field = id === files ? documents.chooser : byId(`field-${id}`);
      return { id, field, message, summary: said ? null : `${label}: ${message}` };
    });
    this.#clearFaults = showFaults(this.#form, placed);
  }

  /** Removes the form and everything typed into it. */
  wipe(): void {
    this.#form.reset();
    this.#form.remove();
  }
}
