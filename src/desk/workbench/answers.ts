import { join } from "node:path";
import {
  type AnswerChoices,
  type CaseReply,
  isCaseFolder,
  MAX_LABEL_CHARS,
  type NoteEvent,
  type SentAnswers,
  TEMPLATE_LANGUAGES,
} from "../../cases/index.js";
import { Fault, fieldsOf } from "../../core/index.js";
import type { Recipient } from "../../openpgp/index.js";
import { type AnswerSource, answerCase, answerText, distinctMailboxes } from "../answering.js";
import { writeChanges } from "../case-notes.js";
import type { NoteLogs } from "../note-logs.js";
import { listTemplates, templateLanguage } from "../templates.js";
import { RequestError } from "./request.js";

/** Where answers go, and to whom copies are encrypted. */
export interface AnsweringPlaces {
  /** Folder that is carried to the server. */
  readonly outbox: string;
  /** Null if no copies are kept. @throws Error if the certificates cannot be used */
  readonly staff: (now: Date) => Promise<readonly Recipient[] | null>;
}

export interface Asked {
  /** Empty for a preview. */
  readonly by: string;
  /** Names of folders of cases. */
  readonly folders: readonly string[];
  readonly source: AnswerSource;
}

/** More in one request would keep the page waiting. */
const MAX_ANSWERS = 500;

/** Answers to cases, as `postern reply` writes them. */
export class Answers {
  readonly #root: string;
  readonly #logs: NoteLogs;
  readonly #places: AnsweringPlaces;
  #last: Promise<unknown> = Promise.resolve();

  constructor(root: string, logs: NoteLogs, places: AnsweringPlaces) {
    this.#root = root;
    this.#logs = logs;
    this.#places = places;
  }

  async choices(): Promise<AnswerChoices> {
    const kept = (await this.#places.staff(new Date())) !== null;
    const templates = await listTemplates(this.#root);
    return { templates, languages: TEMPLATE_LANGUAGES, outbox: this.#places.outbox, kept };
  }

  /** The text for each case, and nothing written. */
  async preview({ folders, source }: Asked): Promise<readonly CaseReply[]> {
    const now = new Date();
    return this.#each(folders, async (folder) => ({
      folder,
      text: await answerText(join(this.#root, folder), source, now),
    }));
  }

  /** Writes the answers, one request after the other. */
  async send(asked: Asked): Promise<SentAnswers> {
    if (asked.by === "") throw new RequestError("malformed", "nobody has said who answers");
    const sent = this.#last.then(() => this.#send(asked));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #send({ by, folders, source }: Asked) {
    const now = new Date();
    const keepFor = await this.#places.staff(now);
    const events: NoteEvent[] = [];
    const mark = async (root: string, caseId: string) => {
      const changes = () => [{ case: caseId, set: { status: "answered" } }] as const;
      events.push(...(await writeChanges(root, this.#logs, changes, by)));
    };
    const answers = await this.#each(folders, async (folder) => {
      const request = { caseFolder: join(this.#root, folder), source, attachments: [], out: this.#places.outbox };
      const { notMarked } = await answerCase({ ...request, keepFor, now, mark });
      return {
        folder,
        ...(notMarked && { notMarked: notMarked instanceof Fault ? String(notMarked.code) : "failed" }),
      };
    });
    return { answers, events };
  }

  async #each(folders: readonly string[], act: (folder: string) => Promise<CaseReply>): Promise<readonly CaseReply[]> {
    const answers: CaseReply[] = [];
    const same = new Set<string>();
    distinctMailboxes(
      folders.map((folder) => join(this.#root, folder)),
      (path) => void same.add(path),
    );
    for (const folder of folders) {
      if (same.has(join(this.#root, folder))) {
        answers.push({ folder, fault: "same_mailbox" });
        continue;
      }
      try {
        answers.push(await act(folder));
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        answers.push({ folder, fault: String(cause.code) });
      }
    }
    return answers;
  }
}

/** @throws RequestError */
export function readAsked(body: unknown): Asked {
  const { by = "", folders, text, template, language } = fieldsOf(body);
  const source = readSource(text, template, language);
  const known = Array.isArray(folders) && folders.length <= MAX_ANSWERS ? folders : null;
  if (typeof by !== "string" || source === null || known === null) {
    throw new RequestError("malformed", "this is no answer");
  }
  const names = known.filter((each: unknown) => typeof each === "string" && isCaseFolder(each));
  if (names.length !== known.length) throw new RequestError("malformed", "this is no folder of a case");
  return { by: by.trim().slice(0, MAX_LABEL_CHARS), folders: names, source };
}

function readSource(text: unknown, template: unknown, language: unknown): AnswerSource | null {
  if (typeof text === "string" && text.trim() !== "") return { text: async () => `${text.trimEnd()}\n` };
  if (typeof template !== "string") return null;
  const chosen = typeof language === "string" ? templateLanguage(language) : null;
  if (language !== "" && chosen === null) return null;
  return { template, language: chosen };
}
