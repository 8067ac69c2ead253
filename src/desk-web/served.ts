import type {
  AnswerChoices,
  AskedPortion,
  Case,
  CaseReply,
  DeskCursor,
  DeskNews,
  NoteChange,
  NoteEvent,
  PortionAnswer,
  SentAnswers,
} from "../cases/index.js";
import { unpackCase } from "../cases/index.js";
import { Fault } from "../core/index.js";
import type { AnswerRequest } from "./answering.js";
import { type IndexData, readNotes } from "./data.js";
import type { NoteKeeper } from "./notebook.js";

/** Kept as long as the tab: it is worth nothing once postern desk has ended. */
const STORED = "postern-token";

/** `gone`: nobody answers. `refused`: another browser has the workbench. `failed`: it could not do it. */
export class ServedError extends Fault<"gone" | "refused" | "failed"> {}

/** The workbench's server, which keeps what is written on the disk before it answers. */
export class Served implements NoteKeeper {
  readonly #token: string;
  /** What the last reading gave. */
  #known: { readonly reading: string; readonly cases: ReadonlyMap<string, Case> } = { reading: "", cases: new Map() };

  private constructor(token: string) {
    this.#token = token;
  }

  /** Exchanges the token in the page's address, and takes it out of there. @throws ServedError */
  static async claim(): Promise<Served> {
    const start = location.hash.slice(1);
    const claimed = start === "" ? null : ask("/claim", { method: "POST", body: start });
    history.replaceState(null, "", "/");
    if (claimed !== null) {
      const { token } = (await (await claimed).json()) as { readonly token: string };
      sessionStorage.setItem(STORED, token);
    }
    return new Served(sessionStorage.getItem(STORED) ?? "");
  }

  /**
   * All cases. Those that this page had the last time, and that are the same still, are not sent again.
   * @param take called with each portion as it comes, newest first. The others are asked for once it is done with the
   * first: to read them takes the processor that would draw it.
   * @throws ServedError
   */
  async contents(take: TakePortion = () => undefined): Promise<ServedCases> {
    let all: ServedCases | null = null;
    while (all === null) all = await this.#contents(take);
    return all;
  }

  /** Null if it must begin again. */
  async #contents(take: TakePortion): Promise<ServedCases | null> {
    const known = this.#known;
    const cases: Case[] = [];
    const notes: NoteEvent[] = [];
    let answer = await this.#portion({ reading: "", at: 0, known: known.reading });
    const cursor = answer?.rest.cursor;
    for (let at = 1; answer !== null && cursor !== undefined; at += 1) {
      const { reading, total, end } = answer.rest;
      const askNext = () => (end === null ? this.#portion({ reading, at, known: known.reading }) : null);
      // It is on its way while the page takes what has come.
      const early = at === 1 ? null : askNext();
      early?.catch(() => undefined);
      const read = answer.cases.flatMap((each) =>
        typeof each === "string" ? (known.cases.get(each) ?? []) : unpackCase(each),
      );
      const told = readNotes(answer.rest.notes);
      await take({ cases: read, notes: told, before: cases.length, total });
      cases.push(...read);
      notes.push(...told);
      if (end !== null) {
        this.#known = { reading, cases: new Map(cases.map((one) => [one.folder, one])) };
        // The first answer may come before all folders are looked at.
        return { ...end, cursor: { ...cursor, cases: answer.rest.cursor.cases }, cases, notes };
      }
      answer = await (early ?? askNext());
    }
    return null;
  }

  async #portion(asked: AskedPortion): Promise<PortionAnswer> {
    const response = await this.#ask("/cases", { method: "POST", body: JSON.stringify(asked) });
    return (await response.json()) as PortionAnswer;
  }

  /** What has come since; null if everything must be read again. @throws ServedError */
  async news(since: DeskCursor): Promise<DeskNews | null> {
    const response = await this.#ask("/news", { method: "POST", body: JSON.stringify(since) });
    const news = (await response.json()) as DeskNews | null;
    return news && { ...news, events: readNotes(news.events) };
  }

  /** @throws ServedError */
  async keep(changes: readonly NoteChange[], by: string): Promise<readonly NoteEvent[]> {
    const response = await this.#ask("/changes", { method: "POST", body: JSON.stringify({ by, changes }) });
    return readNotes((await response.json()) as readonly NoteEvent[]);
  }

  /** @throws ServedError */
  async answerChoices(): Promise<AnswerChoices> {
    return (await (await this.#ask("/answering", { method: "GET" })).json()) as AnswerChoices;
  }

  /** @throws ServedError */
  async previewAnswers(request: AnswerRequest): Promise<readonly CaseReply[]> {
    const response = await this.#ask("/preview", { method: "POST", body: JSON.stringify(request) });
    return (await response.json()) as readonly CaseReply[];
  }

  /** @throws ServedError */
  async sendAnswers(request: AnswerRequest, by: string): Promise<SentAnswers> {
    const response = await this.#ask("/answers", { method: "POST", body: JSON.stringify({ ...request, by }) });
    const sent = (await response.json()) as SentAnswers;
    return { ...sent, events: readNotes(sent.events) };
  }

  /** @throws ServedError */
  async document(path: string): Promise<Blob> {
    return (await this.#ask("/document", { method: "POST", body: path })).blob();
  }

  #ask(path: string, request: RequestInit): Promise<Response> {
    return ask(path, { ...request, headers: { "postern-token": this.#token } });
  }
}

type TakePortion = (portion: ServedPortion) => void | Promise<void>;

export interface ServedCases extends IndexData {
  readonly cursor: DeskCursor;
}

export interface ServedPortion {
  readonly cases: readonly Case[];
  readonly notes: readonly NoteEvent[];
  /** Number of cases in the portions before. */
  readonly before: number;
  /** Of all cases, as far as their folders tell. */
  readonly total: number;
}

async function ask(path: string, request: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...request, cache: "no-store", redirect: "error" }).catch((cause: unknown) => {
    throw new ServedError("gone", "nobody answers", { cause });
  });
  if (!response.ok) {
    throw new ServedError(response.status === 403 ? "refused" : "failed", `the workbench answered ${response.status}`);
  }
  return response;
}
