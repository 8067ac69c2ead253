import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { documentsOf, engineOf, packCase } from "../../cases/index.js";
import { embed, fairShare, type IndexLimits, LIMITS, listCases, packLogs, readCases } from "../html/index.js";
import type { NoteLogs } from "../note-logs.js";

interface Cases {
  readonly texts: readonly string[];
  /** Paths below the folder of cases, with the bytes of each. */
  readonly documents: ReadonlyMap<string, number>;
  readonly shortened: number;
  readonly omitted: number;
}

/** What the page asks for: all cases, within the limits of index.html, and their notes. */
export class Contents {
  readonly #root: string;
  readonly #logs: NoteLogs;
  readonly #limits: IndexLimits;
  #read: { readonly state: string; readonly cases: Cases } | null = null;

  constructor(root: string, logs: NoteLogs, limits: IndexLimits = LIMITS) {
    this.#root = root;
    this.#logs = logs;
    this.#limits = limits;
  }

  /** JSON as the page reads it: cases, notes and what is left out. @throws CaseNotesError */
  async json(): Promise<string> {
    const { texts, shortened, omitted } = await this.#cases();
    await this.#logs.refresh();
    const rest = embed({ shortened, omitted, ...packLogs(this.#logs) });
    return `{"cases":[${texts.join(",\n")}],"rest":${rest}}`;
  }

  /** The bytes of a document among the cases that the page can show, by its path; null for any other file. */
  async documentBytes(path: string): Promise<number | null> {
    return (await this.#cases()).documents.get(path) ?? null;
  }

  /** Read again once a case, or what was added to one, has come or gone. */
  async #cases(): Promise<Cases> {
    const state = stateOf(this.#root);
    if (this.#read?.state !== state) this.#read = { state, cases: await this.#readAll() };
    return this.#read.cases;
  }

  async #readAll(): Promise<Cases> {
    const all = await this.#readWithin(this.#limits.caseChars, this.#limits.chars);
    if (all.chars <= this.#limits.chars) return all;
    return this.#readWithin(fairShare(all.sizes, this.#limits.chars), Number.POSITIVE_INFINITY);
  }

  async #readWithin(caseChars: number, chars: number): Promise<Cases & { chars: number; sizes: readonly number[] }> {
    const folders = listCases(this.#root);
    const [texts, sizes, documents]: [string[], number[], Map<string, number>] = [[], [], new Map()];
    let [taken, shortened] = [0, 0];
    for await (const one of readCases(this.#root, folders.slice(0, this.#limits.cases), caseChars)) {
      const text = embed(packCase(one));
      sizes.push(text.length);
      taken += text.length;
      // Once they do not fit, they are only counted.
      if (taken > chars) texts.length = 0;
      else texts.push(text);
      if (one.shortened === true) shortened += 1;
      for (const each of documentsOf(one)) if (engineOf(each) !== null) documents.set(each.path, each.bytes);
    }
    const omitted = Math.max(0, folders.length - this.#limits.cases);
    return { texts, documents, shortened, omitted, chars: taken, sizes };
  }
}

/** How many folders of cases there are, and when the last of them changed. */
function stateOf(root: string): string {
  const names = readdirSync(root).filter((name) => name.startsWith("submission-"));
  const times = names.map((name) => statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return `${names.length} ${times.reduce((latest, each) => Math.max(latest, each), 0)}`;
}
