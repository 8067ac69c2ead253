import type { AnswerChoices, CaseReply } from "../cases/index.js";
import type { Notebook } from "./notebook.js";
import type { Served } from "./served.js";

/** Answers in one request: the page tells how far it is. */
const BATCH = 20;

export type AnswerRequest = {
  /** Of cases. */
  readonly folders: readonly string[];
} & ({ readonly text: string } | { readonly template: string; readonly language: string });

/** Answers cases at the desk's server, signed with the name of whoever writes. */
export class AnswerTexts {
  readonly #served: Served;
  readonly #notebook: Notebook;

  constructor(served: Served, notebook: Notebook) {
    this.#served = served;
    this.#notebook = notebook;
  }

  /** @throws ServedError */
  choices(): Promise<AnswerChoices> {
    return this.#served.answerChoices();
  }

  /** Whether somebody has said who writes; if not, the page asks for it. */
  isSigned(): boolean {
    return this.#notebook.signature() !== null;
  }

  /** Null if the desk does not answer; the page says so. */
  async preview(request: AnswerRequest): Promise<readonly CaseReply[] | null> {
    const answers: CaseReply[] = [];
    try {
      for (const batch of batchesOf(request)) answers.push(...(await this.#served.previewAnswers(batch)));
      return answers;
    } catch {
      this.#notebook.onTold("not_kept");
      return null;
    }
  }

  /**
   * Sends, and tells after each batch how many are done.
   * @returns those of which the desk has said what became of them; `whole` if these are all
   */
  async send(
    request: AnswerRequest,
    onDone: (done: number) => void,
  ): Promise<{ readonly answers: readonly CaseReply[]; readonly whole: boolean }> {
    const answers: CaseReply[] = [];
    const by = this.#notebook.signature();
    if (by === null) return { answers, whole: false };
    onDone(0);
    try {
      for (const batch of batchesOf(request)) {
        const sent = await this.#served.sendAnswers(batch, by);
        answers.push(...sent.answers);
        this.#notebook.add(sent.events);
        onDone(answers.length);
      }
      return { answers, whole: true };
    } catch {
      return { answers, whole: false };
    }
  }
}

function* batchesOf(request: AnswerRequest): Generator<AnswerRequest> {
  for (let at = 0; at < request.folders.length; at += BATCH) {
    yield { ...request, folders: request.folders.slice(at, at + BATCH) };
  }
}
