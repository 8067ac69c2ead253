import { type Case, type CaseReply, showLetter } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { AnswerRequest, AnswerTexts } from "./answering.js";
import type { Locale, Say } from "./words.js";

/** Stands for a text that staff type. */
const OWN_TEXT = "";
/** Faults that the page has words for. */
const FAULTS = ["no_template", "not_a_template", "unknown_field", "no_name", "no_address", "foreign", "same_mailbox"];

/** Fields to answer cases: a template or a text, a preview, and then one button that sends all of what it showed. */
export class AnswerView {
  readonly #say: Say;
  readonly #texts: AnswerTexts;
  readonly #chosen: () => readonly Case[];
  readonly #template = make("select", { id: "answer-template" });
  readonly #language = make("select", { id: "answer-language" });
  readonly #own = make("textarea", { id: "answer-text", rows: "6" });
  readonly #preview = make("div", { class: "answers" });
  readonly #told = make("p", { role: "status" });
  readonly #send: HTMLButtonElement;
  /** What the preview showed, and sending will send; null if it shows nothing. */
  #shown: AnswerRequest | null = null;
  /** Folders of the cases that were chosen for it. */
  #of: readonly string[] = [];
  readonly element: HTMLElement;

  /** @param chosen the cases to answer, as they are now */
  constructor({ say }: Locale, texts: AnswerTexts, chosen: () => readonly Case[]) {
    this.#say = say;
    this.#texts = texts;
    this.#chosen = chosen;
    const show = button(say("answer-preview"), () => void this.#showPreview());
    show.id = "answer-preview";
    this.#send = button("", () => void this.#sendShown(), "primary");
    this.#send.id = "answer-send";
    this.#send.hidden = true;
    for (const field of [this.#template, this.#language, this.#own]) {
      field.addEventListener("input", () => this.#forget());
    }
    const field = (name: string, input: HTMLElement) =>
      make("div", {}, make("label", { for: input.id }, say(`answer-${name}`)), input);
    const own = make("div", { class: "field" }, make("label", { for: this.#own.id }, say("answer-text")), this.#own);
    this.#template.addEventListener("change", () => {
      own.hidden = this.#template.value !== OWN_TEXT;
    });
    const about = make("p", { class: "note" });
    this.element = make(
      "details",
      { id: "answer" },
      make("summary", {}, say("answer-title")),
      about,
      make("div", { class: "filters" }, field("template", this.#template), field("language", this.#language)),
      own,
      make("p", { class: "actions" }, show),
      this.#preview,
      make("p", { class: "actions" }, this.#send),
      this.#told,
    );
    // Templates may have come since.
    this.element.addEventListener("toggle", () => void this.#showChoices(about, own));
  }

  /** Other cases are chosen: what was shown is not what would be sent. */
  update(): void {
    const folders = this.#folders();
    if (this.#shown !== null && folders.join("/") !== this.#of.join("/")) this.#forget();
  }

  async #showChoices(about: HTMLElement, own: HTMLElement): Promise<void> {
    if (!(this.element instanceof HTMLDetailsElement) || !this.element.open) return;
    const choices = await this.#texts.choices().catch(() => null);
    if (choices === null) {
      this.#tell("work-told-not_kept", true);
      return;
    }
    const before = this.#template.value;
    const option = (value: string, words: string) => make("option", { value }, words);
    this.#template.replaceChildren(
      ...choices.templates.map((name) => option(name, name)),
      option(OWN_TEXT, this.#say("answer-own")),
    );
    if (choices.templates.includes(before)) this.#template.value = before;
    const language = this.#language.value;
    const languages = choices.languages.map((each) => option(each, each));
    this.#language.replaceChildren(option("", this.#say("answer-each")), ...languages);
    this.#language.value = language;
    own.hidden = this.#template.value !== OWN_TEXT;
    about.textContent = [
      this.#say("answer-where", { outbox: choices.outbox }),
      this.#say(choices.kept ? "answer-kept" : "answer-not-kept"),
    ].join(" ");
  }

  #folders(): readonly string[] {
    return this.#chosen().map(({ folder }) => folder);
  }

  #request(): AnswerRequest {
    const template = this.#template.value;
    const source = template === OWN_TEXT ? { text: this.#own.value } : { template, language: this.#language.value };
    return { folders: this.#folders(), ...source };
  }

  async #showPreview(): Promise<void> {
    this.#forget();
    const request = this.#request();
    if ("text" in request && request.text.trim() === "") {
      this.#tell("answer-empty", true);
      this.#own.focus();
      return;
    }
    const answers = await this.#texts.preview(request);
    if (answers === null) return;
    // Somebody may have chosen others meanwhile.
    if (JSON.stringify(request) !== JSON.stringify(this.#request())) return;
    const good = answers.flatMap(({ folder, text }) => (text === undefined ? [] : [folder]));
    const answered = new Set(this.#chosen().flatMap(({ folder, status }) => (status === "answered" ? [folder] : [])));
    this.#preview.replaceChildren(...answers.map((each) => this.#textView(each, answered.has(each.folder))));
    this.#shown = { ...request, folders: good };
    this.#of = request.folders;
    this.#send.textContent = this.#say("answer-send", { count: String(good.length) });
    this.#send.hidden = good.length === 0;
  }

  #textView({ folder, text, fault }: CaseReply, isAnswered: boolean): HTMLElement {
    const marks = isAnswered ? [make("p", { class: "alert" }, this.#say("answer-again"))] : [];
    const shown =
      text === undefined
        ? make("p", { class: "fault" }, this.#faultWords(fault ?? ""))
        : make("div", { class: "letter" }, showLetter(text));
    return make("article", { "data-folder": folder }, make("h2", {}, folder), ...marks, shown);
  }

  #faultWords(code: string): string {
    return FAULTS.includes(code) ? this.#say(`answer-fault-${code}`) : this.#say("answer-fault-other", { code });
  }

  async #sendShown(): Promise<void> {
    const request = this.#shown;
    if (request === null || !this.#texts.isSigned()) return;
    this.#forget();
    const tell = (done: number) =>
      this.#tell("answer-sending", false, { done: String(done), all: String(request.folders.length) });
    const { answers, whole } = await this.#texts.send(request, tell);
    const failed = answers.filter(({ fault }) => fault !== undefined);
    const notMarked = answers.filter((each) => each.notMarked !== undefined);
    this.#preview.replaceChildren(
      ...failed.map((each) => this.#textView(each, false)),
      ...notMarked.map(({ folder }) => make("p", { class: "fault" }, this.#say("answer-not-marked", { folder }))),
    );
    const count = String(answers.length - failed.length);
    this.#tell(whole ? "answer-sent" : "answer-broken", failed.length > 0 || !whole, { count });
  }

  #forget(): void {
    this.#shown = null;
    this.#send.hidden = true;
    this.#preview.replaceChildren();
    this.#told.textContent = "";
  }

  #tell(id: string, isFault: boolean, values: Readonly<Record<string, string>> = {}): void {
    this.#told.className = isFault ? "fault" : "";
    this.#told.textContent = this.#say(id, values);
  }
}
