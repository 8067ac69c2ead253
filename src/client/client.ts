import { entryName } from "../core/index.js";
import {
  type AnswerFault,
  checkAnswers,
  describeChoices,
  filesQuestion,
  withoutRequired,
  writeLetter,
} from "../form/index.js";
import { RECEIPT_CODE } from "./answer-field.js";
import { maySave } from "./choices.js";
import { DocumentList, type LoadDocumentTools } from "./document-list.js";
import { Encrypter, type EncrypterParts } from "./encrypter.js";
import type { FieldFault } from "./field-faults.js";
import { FormView } from "./form-view.js";
import { isThroughIntermediary } from "./intermediary.js";
import type { Appeal, Command, FailureCode, Report } from "./messages.js";
import { readCode } from "./read-code.js";
import { saveLetter } from "./save-letter.js";
import { sayFailure, sayUntil } from "./say-failure.js";
import { SAVING, SendingView, type SendingWords } from "./sending-view.js";
import type { ClientSettings, Say } from "./settings.js";

export interface ClientParts {
  readonly settings: ClientSettings;
  readonly say: Say;
  readonly encrypter: EncrypterParts;
  readonly documentTools: LoadDocumentTools;
  /** Ids of the messages that differ between sending and saving. */
  readonly words: SendingWords & { readonly ready: string };
  /** Shows in an element how far loading is, until the returned function is called; null where nothing is loaded. */
  readonly loading: ((element: HTMLElement) => () => void) | null;
  /** The command that sends or saves a complete appeal. */
  readonly command: (appeal: Appeal) => Command;
  /** The user's choices when this browser cannot encrypt, besides trying again. */
  readonly choices: (client: Client, code: FailureCode) => readonly Node[];
  /** Called when the appeal is stored or saved, after the client has removed it from the page. */
  readonly done: (report: Report, documents: number) => void;
}

/** Takes the form from loading to the receipt, whether the ciphertext is sent or saved. */
export class Client {
  readonly form: FormView;
  readonly documents: DocumentList;
  readonly #parts: ClientParts;
  readonly #encrypter: Encrypter;
  #sending: SendingView | null = null;
  #stopLoading = () => {};

  constructor(parts: ClientParts) {
    const { settings, say } = parts;
    this.#parts = parts;
    this.form = new FormView(settings, say, () => this.#send());
    this.documents = new DocumentList(this.form.filesField, settings, say, parts.documentTools);
    this.#encrypter = new Encrypter(parts.encrypter, {
      ready: (until) => {
        this.#stopLoading();
        const words = say(parts.words.ready);
        this.form.ready(
          until === null ? words : `${words} ${sayUntil(say, settings.language, "offline-until", until)}`,
        );
      },
      unusable: (code) => {
        this.#stopLoading();
        if (this.#sending !== null) this.#backToForm(say("client-fault-internal"));
        const words = sayFailure(say, settings.language, code);
        this.form.unready(words, () => this.prepare(), parts.choices(this, code));
      },
      report: (report) => this.#hear(report),
    });
    // From the back/forward cache the page would come back with the letter in it.
    addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
  }

  prepare(): void {
    // No choices: an intermediary, or anybody on an open line, reads what the server would encrypt as well.
    const obstacle = isThroughIntermediary(location) ? "go_between" : isSecureContext ? null : "insecure";
    if (obstacle !== null) {
      const { say, settings } = this.#parts;
      const words = sayFailure(say, settings.language, obstacle);
      this.form.unready(words, () => location.reload(), []);
      return;
    }
    this.form.preparing();
    this.#stopLoading();
    this.#stopLoading = this.#parts.loading?.(this.form.state) ?? (() => {});
    this.#encrypter.start();
  }

  /** Removes everything the user wrote from the page and the worker. */
  wipe(): void {
    this.#sending?.hide();
    this.#sending = null;
    this.#encrypter.stop();
    this.form.wipe();
    this.documents.wipe();
  }

  /** The appeal, or the faults in it. */
  #check(): Appeal | readonly FieldFault[] {
    const { settings, say } = this.#parts;
    const { language } = settings;
    const { files, fault } = this.documents;
    const typed = this.form.receiptCode;
    const read = typed.trim() === "" ? { code: null, fault: null } : readCode(typed);
    const form = read.code === null ? settings.form : withoutRequired(settings.form);
    const question = filesQuestion(form)?.id ?? "";
    const checked = checkAnswers(
      form,
      this.form.typed,
      files.map(() => question),
    );
    const faults = checked.faults.map((found) => ({ question: found.question, message: this.#explain(found) }));
    if (fault !== null) faults.push({ question, message: fault });
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
    return {
      form: { id, version },
      language,
      answers,
      choices,
      letter,
      documents: this.documents.outgoing,
      code: read.code,
    };
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
    const { words, command } = this.#parts;
    const keep = words.title === SAVING.title ? null : () => this.#show(SAVING, { kind: "keep" }, null);
    this.#start((appeal) => this.#show(words, command(appeal), keep));
  }

  #save(): void {
    this.#start((appeal) => this.#show(SAVING, { kind: "save", appeal }, null));
  }

  #start(act: (appeal: Appeal) => void): void {
    // A form that is submitted again while it is out of sight sends no second letter.
    if (this.#sending !== null) return;
    const appeal = this.#check();
    if ("letter" in appeal) act(appeal);
    else this.form.explain(appeal, this.documents);
  }

  #show(words: SendingWords, command: Command, keep: (() => void) | null): void {
    const { settings, say } = this.#parts;
    this.#sending?.hide();
    this.#sending = new SendingView(settings, say, words, {
      pause: () => void this.#encrypter.tell({ kind: "pause" }),
      resume: () => void this.#encrypter.tell({ kind: "resume" }),
      cancel: () => void this.#encrypter.tell({ kind: "cancel" }),
      keep,
    });
    this.#sending.show();
    void this.#encrypter.tell(command);
  }

  #hear(report: Report): void {
    const { say, done, settings } = this.#parts;
    if (report.kind === "sending") this.#sending?.progress(report.sent, report.total);
    else if (report.kind === "storing") this.#sending?.storing();
    else if (report.kind === "line") this.#sending?.line(report.line);
    else if (report.kind === "failed") {
      const choices = maySave(report.code) ? saveLetter(say, () => this.#save()) : [];
      this.#backToForm(sayFailure(say, settings.language, report.code), "fault", choices);
      if (report.code === "file_unreadable") this.documents.checkAgain();
    } else if (report.kind === "cancelled")
      this.#backToForm(say(report.removed ? "client-cancelled" : "client-cancelled-later"), "done");
    else if (report.kind === "stored" || report.kind === "saved") {
      const count = this.documents.files.length;
      this.wipe();
      done(report, count);
    }
  }

  #backToForm(message: string, kind: "fault" | "done" = "fault", choices: readonly Node[] = []): void {
    this.#sending?.hide();
    this.#sending = null;
    this.form.comeBack(message, kind, choices);
  }
}
