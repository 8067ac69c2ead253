import type { Answers, Form } from "../form/index.js";
import type { DocumentList } from "./document-list.js";
import { button, byId, make } from "./dom.js";
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
  /** The field at fault, and what described it before. */
  #faulty: HTMLElement | null = null;
  #described = "";

  constructor(settings: ClientSettings, say: Say, send: () => void) {
    this.#settings = settings;
    this.#say = say;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#ready) send();
    });
  }

  get filesField(): HTMLInputElement {
    return byId(`field-${filesQuestion(this.#settings.form)}`) as HTMLInputElement;
  }

  /** What was typed, by question; nothing is trimmed or left out. */
  get typed(): Answers {
    const fields = this.#settings.form.questions.filter(({ kind }) => kind !== "files");
    return Object.fromEntries(
      fields.map(({ id }) => [id, (byId(`field-${id}`) as HTMLInputElement | HTMLTextAreaElement).value]),
    );
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

  /** Says what is wrong at the head of the form and beside the question, and takes the person there. */
  explain(message: string, question: string | null, documents: DocumentList): void {
    this.#forgetFaults();
    const files = filesQuestion(this.#settings.form);
    const id = question ?? files;
    const field = id === files ? documents.chooser : byId(`field-${id}`);
    const about = `fault-${id}`;
    this.#faulty = field;
    this.#described = field.getAttribute("aria-describedby") ?? "";
    field.setAttribute("aria-describedby", `${about} ${this.#described}`);
    if (id !== files) field.setAttribute("aria-invalid", "true");
    field.before(make("p", { class: "fault client-fault", id: about }, message));
    const summary = make("a", { href: "#" }, message);
    summary.addEventListener("click", (event) => {
      event.preventDefault();
      field.focus();
    });
    this.#form.prepend(make("p", { class: "alert client-fault", role: "alert" }, summary));
    field.focus();
  }

  #forgetFaults(): void {
    for (const old of this.#form.querySelectorAll(".client-fault")) old.remove();
    this.#faulty?.removeAttribute("aria-invalid");
    this.#faulty?.setAttribute("aria-describedby", this.#described);
    this.#faulty = null;
  }

  /** Nothing of what was written stays in the page. */
  wipe(): void {
    this.#form.reset();
    this.#form.remove();
  }
}

/** Stands for the receipt code where a question's id is meant. */
export const RECEIPT_CODE = "receipt-code";

export function filesQuestion({ questions }: Form): string {
  return questions.find(({ kind }) => kind === "files")?.id ?? "";
}
