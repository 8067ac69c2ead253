import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Case, documentsOf, engineOf, RECORD_FILE } from "../../cases/index.js";
import { NO_NOTE } from "../case-notes.js";
import { type CaseFolder, caseReader, type IndexedCase, indexedCase, isFollowUp } from "../html/index.js";
import type { NoteLogs } from "../note-logs.js";
import { SOURCE_FILE } from "../open/index.js";

/** A case as the page reads it. */
export interface KeptCase extends IndexedCase {
  readonly folder: string;
  /** Paths of documents that the page can show, with the bytes of each. */
  readonly documents: readonly (readonly [path: string, bytes: number])[];
}

interface Kept {
  readonly state: string;
  readonly status: Case["status"];
  readonly one: KeptCase;
}

/** Cases between two looks at what else is asked. */
const CASES_PER_TURN = 5;
/** Of a case, what changes whenever one of its files does. */
const LOOKED_AT = ["", SOURCE_FILE, RECORD_FILE, "letter.txt", "files"];

/** The cases as they were read last: those that have not changed since are not read again. */
export class KeptCases {
  readonly #root: string;
  readonly #logs: Pick<NoteLogs, "book">;
  readonly #maxChars: number;
  #kept: ReadonlyMap<string, Kept> = new Map();

  /** @param maxChars characters of all cases that are kept */
  constructor(root: string, logs: Pick<NoteLogs, "book">, maxChars: number) {
    this.#root = root;
    this.#logs = logs;
    this.#maxChars = maxChars;
  }

  /**
   * The cases in `folders`, each within `caseChars`. Those of other folders are forgotten at the end.
   * @param turn waits until others are answered
   */
  async *read(
    folders: Iterable<CaseFolder> | AsyncIterable<CaseFolder>,
    caseChars: number,
    turn: () => Promise<void>,
  ): AsyncGenerator<KeptCase> {
    const read = caseReader(this.#root, this.#logs);
    const kept = new Map<string, Kept>();
    let [chars, at] = [0, 0];
    for await (const folder of folders) {
      if (at % CASES_PER_TURN === 0) await turn();
      at += 1;
      // Before it is read: what changes meanwhile is read again the next time.
      const state = stateOf(join(this.#root, folder.name), folder.day, caseChars);
      const found = this.#unchanged(folder, state) ?? (await this.#readOne(read, folder, state, caseChars));
      if (found === null) continue;
      // One may come twice.
      if (!kept.has(folder.name)) chars += found.one.chars;
      if (chars <= this.#maxChars) kept.set(folder.name, found);
      yield found.one;
    }
    this.#kept = kept;
  }

  #unchanged({ name }: CaseFolder, state: string): Kept | null {
    const kept = this.#kept.get(name);
    if (kept?.state !== state) return null;
    const { status } = this.#logs.book.of(kept.one.id) ?? NO_NOTE;
    return kept.status === status ? kept : null;
  }

  async #readOne(
    read: ReturnType<typeof caseReader>,
    folder: CaseFolder,
    state: string,
    caseChars: number,
  ): Promise<Kept | null> {
    const one = await read(folder, caseChars);
    if (one === null) return null;
    const documents = documentsOf(one).filter((each) => engineOf(each) !== null);
    const kept = {
      folder: one.folder,
      ...indexedCase(one),
      documents: documents.map(({ path, bytes }) => [path, bytes] as const),
    };
    // Whatever is in the folder of a follow-up changes without a trace in the case's.
    if (one.followUps.length > 0) return { state: "", status: one.status, one: kept };
    return { state: this.#stateAfter(folder, state, caseChars), status: one.status, one: kept };
  }

  /** To read a case may have written digests of its documents into its folder. Nothing else may have come with them. */
  #stateAfter({ name, day }: CaseFolder, before: string, caseChars: number): string {
    const path = join(this.#root, name);
    if (before.startsWith(`${stateOfFile(path)}, `)) return before;
    const now = stateOf(path, day, caseChars);
    const isAllTheSame = rest(before) === rest(now) && statSync(path, { throwIfNoEntry: false }) !== undefined;
    return isAllTheSame && !readdirSync(path).some(isFollowUp) ? now : before;
  }
}

/** The first part is the folder's own. */
function stateOf(folder: string, day: string, caseChars: number): string {
  return [...LOOKED_AT.map((name) => stateOfFile(join(folder, name))), `${day} ${caseChars}`].join(", ");
}

function stateOfFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : "";
}

function rest(state: string): string {
  return state.slice(state.indexOf(", "));
}
