import type { OperatorLog } from "../http/index.js";
import type { Texts } from "../locales/index.js";
import type { AnswerTransport } from "./answer-transport.js";
import { answerableSender, type StoredMail } from "./answerable.js";
import type { AnsweredSenders } from "./answered-senders.js";
import { letterLanguage } from "./letter-language.js";

/** In memory only, and each tried once. What does not fit is dropped. */
const MAX_WAITING = 200;

/** Nothing of the letter. */
interface Answer {
  readonly to: string;
  /** Null if it cannot be told. */
  readonly language: string | null;
}

export interface AnswerParts {
  /** In lower case; the first is the answers' author. */
  readonly addresses: readonly string[];
  /** The portal's address, which the answer names. */
  readonly site: string;
  readonly answered: AnsweredSenders;
  readonly transport: AnswerTransport;
  readonly texts: ReadonlyMap<string, Texts>;
  readonly log: OperatorLog;
}

/**
 * Tells a sender that the letter has arrived, in one sentence that says nothing of the letter. It happens after the
 * letter is stored, and nothing that fails here concerns the letter.
 */
export class Answers {
  readonly #parts: AnswerParts;
  readonly #waiting: Answer[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /** Waiting and being sent. */
  get size(): number {
    return this.#waiting.length + (this.#running === null ? 0 : 1);
  }

  /** Returns at once, and never fails. */
  offer(stored: StoredMail): void {
    const to = answerableSender(stored, this.#parts.addresses);
    if (to === null || this.#closed || this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push({ to, language: letterLanguage(stored.mail?.subject ?? "", stored.mail?.text ?? "") });
    this.#running ??= this.#run();
  }

  /** Drops what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#parts.transport.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log } = this.#parts;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#answer(next);
        log.mended("answering");
      } catch (cause) {
        if (!this.#closed) log.failing("answering", "not_sent", cause);
      }
    }
    this.#running = null;
  }

  async #answer({ to, language }: Answer): Promise<void> {
    const { answered, transport, texts, site } = this.#parts;
    // Noted before it is sent: rather no answer than two.
    if (!(await answered.isFirst(to))) return;
    const chosen = language === null ? undefined : texts.get(language);
    const told = chosen === undefined ? [...texts.values()] : [chosen];
    const text = told.map(({ say }) => say("mail-receipt")).join("\n\n");
    const subject = told.map(({ say }) => say("mail-receipt-subject")).join(" / ");
    await transport.send({ to, subject, text: `${text}\n\n${site}\n` });
  }
}
