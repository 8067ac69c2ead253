import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Case, documentsOf, engineOf, RECORD_FILE } from "../../cases/index.js";
import { NO_NOTE } from "../case-notes.js";
import { type CaseFolder, caseReader, type IndexedCase, indexedCase } from "../html/index.js";
import type { NoteLogs } from "../note-logs.js";

/** A case as the page reads it. */
export interface KeptCase extends IndexedCase {
  readonly id: string;
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
const LOOKED_AT = ["", RECORD_FILE, "letter.txt", "files"];

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

  /** The cases in `folders`, each within `caseChars`. Those of other folders are forgotten at the end. */
  async *read(folders: readonly CaseFolder[], caseChars: number): AsyncGenerator<KeptCase> {
    const read = caseReader(this.#root, this.#logs);
    const kept = new Map<string, Kept>();
    let chars = 0;
    for (const [at, folder] of folders.entries()) {
      if (at % CASES_PER_TURN === 0) await nextTurn();
      // Before it is read: what changes meanwhile is read again the next time.
      const state = `${caseChars} ${folder.day} ${stateOf(join(this.#root, folder.name))}`;
      const found = this.#unchanged(folder, state) ?? (await readOne(read, folder, { state, caseChars }));
      if (found === null) continue;
      chars += found.one.chars;
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
}

async function readOne(
  read: ReturnType<typeof caseReader>,
  folder: CaseFolder,
  { state, caseChars }: { readonly state: string; readonly caseChars: number },
): Promise<Kept | null> {
  const one = await read(folder, caseChars);
  if (one === null) return null;
  const documents = documentsOf(one).filter((each) => engineOf(each) !== null);
  const kept = {
    id: one.id,
    folder: one.folder,
    ...indexedCase(one),
    documents: documents.map(({ path, bytes }) => [path, bytes] as const),
  };
  // Whatever is in the folder of a follow-up changes without a trace in the case's.
  return { state: one.followUps.length > 0 ? "" : state, status: one.status, one: kept };
}

function stateOf(folder: string): string {
  const found = LOOKED_AT.map((name) => statSync(join(folder, name), { throwIfNoEntry: false }));
  return found.map((each) => (each ? `${each.ino} ${each.size} ${each.mtimeMs} ${each.ctimeMs}` : "")).join(", ");
}
