import { entryName } from "../core/index.js";
import { type AnswerFault, checkAnswers, describeChoices, filesQuestion, writeLetter } from "../form/index.js";
import { DocumentList } from "./document-list.js";
import { Encrypter, type EncrypterParts } from "./encrypter.js";
import { type FieldFault, FormView, RECEIPT_CODE } from "./form-view.js";
import { isBetween } from "./intermediary.js";
import type { Appeal, FailureCode, Order, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import { SendingView, type SendingWords } from "./sending-view.js";
import type { ClientSettings, Say } from "./settings.js";

export interface ClientParts {
  readonly settings: ClientSettings;
  readonly say: Say;
  readonly encrypter: EncrypterParts;
  /** Message ids that differ between sending and saving. */
  readonly words: SendingWords & { readonly ready: string };
  /** What is done with an appeal that can go. */
  readonly order: (appeal: Appeal) => Order;
  /** What a person may choose when this browser cannot encrypt, beside trying again. */
  readonly choices: (client: Client, code: FailureCode) => readonly Node[];
  /** The report that it is done, by which time nothing of the appeal is left in the page. */
  readonly done: (report: Report, documents: number) => void;
}

/** The form from its first moment to the receipt, whatever becomes of the ciphertext. */
export class Client {
  readonly form: FormView;
  readonly documents: DocumentList;
  readonly #parts: ClientParts;
  readonly #encrypter: Encrypter;
  #sending: SendingView | null = null;

  constructor(parts: ClientParts) {
    const { settings, say } = parts;
    this.#parts = parts;
    this.form = new FormView(settings, say, () => this.#send());
    this.documents = new DocumentList(this.form.filesField, settings, say);
    this.#encrypter = new Encrypter(parts.encrypter, {
      ready: () => this.form.ready(say(parts.words.ready)),
      unusable: (code) => {
        if (this.#sending !== null) this.#backToForm(say("client-fault-internal"));
        this.form.unready(code, () => this.prepare(), parts.choices(this, code));
      },
      report: (report) => this.#hear(report),
    });
    addEventListener("beforeunload", (event) => {
      if (this.#sending !== null) event.preventDefault();
    });
    // A page that the browser kept would come back with what was written in it.
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  prepare(): void {
    if (isBetween(location)) {
      // Whoever is between could read what the server encrypts as well: there is nothing to choose.
      this.form.unready("go_between", () => location.reload(), []);
      return;
    }
    this.form.preparing();
    this.#encrypter.start();
  }

  /** Nothing of what was written stays in the page or the worker. */
  wipe(): void {
    this.#sending = null;
    this.#encrypter.stop();
    this.form.wipe();
    this.documents.wipe();
  }

  /** What is to be sent, or what is wrong and with which questions. */
  #check(): Appeal | readonly FieldFault[] {
    const { settings, say } = this.#parts;
    const { form, language } = settings;
    const { files, fault } = this.documents;
    const question = filesQuestion(form)?.id ?? "";
    const checked = checkAnswers(
      form,
      this.form.typed,
      files.map(() => question),
    );
    const faults = checked.faults.map((found) => ({ question: found.question, message: this.#explain(found) }));
    if (fault !== null) faults.push({ question, message: fault });
    const typed = this.form.receiptCode;
    const read = typed.trim() === "" ? { code: null, fault: null } : readCode(typed);
    if (read.fault !== null) faults.push({ question: RECEIPT_CODE, message: say(`code-fault-${read.fault}`) });
    if (faults.length > 0 || read.fault !== null) return faults;
    const entries = files.map(({ name }, index) => entryName(index + 1, name));
    const letter = writeLetter(form, checked.answers, entries, {
      language,
      heading: say("letter-heading"),
      documents: say("letter-documents"),
    });
    const { id, version } = form;
    const { answers } = checked;
    const choices = describeChoices(form, answers);
    return { form: { id, version }, language, answers, choices, letter, documents: files, code: read.code };
  }

  #explain({ code, question }: AnswerFault): string {
    const { settings, say } = this.#parts;
    const { form } = settings;
    if (code === "nothing_written") return form.enough;
    if (code === "required" || code === "not_a_date") return say(`fault-${code}-field`);
    if (code !== "text_too_long") return say("fault-bad_request-cure");
    const limit = form.questions.find(({ id }) => id === question)?.maxLength ?? 0;
    return say("fault-text_too_long-field", { limit: String(limit) });
  }

  #send(): void {
    const { settings, say, words, order } = this.#parts;
    const appeal = this.#check();
    if (!("letter" in appeal)) {
      this.form.explain(appeal, this.documents);
      return;
    }
    this.#sending = new SendingView(settings, say, words, {
      pause: () => this.#encrypter.tell({ kind: "pause" }),
      resume: () => this.#encrypter.tell({ kind: "resume" }),
      cancel: () => this.#encrypter.tell({ kind: "cancel" }),
    });
    this.#sending.show();
    this.#encrypter.tell(order(appeal));
  }

  #hear(report: Report): void {
    const { say, done } = this.#parts;
    if (report.kind === "sending") this.#sending?.progress(report.sent, report.total);
    else if (report.kind === "storing") this.#sending?.storing();
    else if (report.kind === "line") this.#sending?.line(report.line);
    else if (report.kind === "failed") this.#backToForm(say(`client-fault-${report.code}`));
    else if (report.kind === "cancelled")
      this.#backToForm(say(report.removed ? "client-cancelled" : "client-cancelled-later"));
    else if (report.kind === "stored" || report.kind === "saved") {
      const count = this.documents.files.length;
      this.wipe();
      done(report, count);
    }
  }

  #backToForm(message: string): void {
    this.#sending?.hide();
    this.#sending = null;
    this.form.comeBack(message);
  }
}
