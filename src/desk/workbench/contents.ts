import { randomUUID } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type DeskCursor, type DeskNews, documentsOf, engineOf, packCase } from "../../cases/index.js";
import { embed, fairShare, type IndexLimits, LIMITS, listCases, packLogs, readCases } from "../html/index.js";
import type { NoteLogs } from "../note-logs.js";

interface Cases {
  /** JSON of all cases, in UTF-8, with commas between them. */
  readonly json: Buffer;
  /** Paths below the folder of cases, with the bytes of each. */
  readonly documents: ReadonlyMap<string, number>;
  readonly shortened: number;
  readonly omitted: number;
}

interface Newest {
  readonly texts: readonly string[];
  readonly ids: ReadonlySet<string>;
}

/** Cases that the page shows while it waits for the others. */
const NEWEST = 100;
/** Cases between two looks at what else is asked. */
const CASES_PER_TURN = 20;

/** What the page asks for: all cases, within the limits of index.html, and their notes. */
export class Contents {
  readonly #root: string;
  readonly #logs: NoteLogs;
  readonly #limits: IndexLimits;
  readonly #run = randomUUID();
  #read: { readonly state: string; readonly cases: Promise<Cases> } | null = null;
  #newest: { readonly state: string; readonly newest: Newest } | null = null;
  #state: { readonly changed: number; readonly state: string } | null = null;

  constructor(root: string, logs: NoteLogs, limits: IndexLimits = LIMITS) {
    this.#root = root;
    this.#logs = logs;
    this.#limits = limits;
  }

  /** JSON as the page reads it, in parts: cases, notes and what is left out. @throws CaseNotesError */
  async json(): Promise<readonly Buffer[]> {
    const { json, shortened, omitted } = await this.#cases();
    await this.#logs.refresh();
    const rest = embed({ shortened, omitted, ...packLogs(this.#logs), cursor: this.#cursor });
    return [Buffer.from(`{"cases":[`), json, Buffer.from(`],"rest":${rest}}`)];
  }

  /** The same of the newest cases, which are read while the others are. @throws CaseNotesError */
  async newestJson(): Promise<string> {
    await this.#logs.refresh();
    const state = this.#stateNow();
    if (this.#newest?.state !== state) this.#newest = { state, newest: await this.#readNewest() };
    const { texts, ids } = this.#newest.newest;
    const notes = [...ids].flatMap((id) => this.#logs.book.heads(id)).filter(({ clock }) => clock > 0);
    return `{"cases":[${texts.join(",")}],"rest":${embed({ notes })}}`;
  }

  async #readNewest(): Promise<Newest> {
    const chars = Math.min(this.#limits.caseChars, this.#limits.chars / NEWEST);
    const folders = listCases(this.#root).slice(0, NEWEST);
    const texts: string[] = [];
    const ids = new Set<string>();
    for await (const one of readCases(this.#root, { folders, maxChars: chars })) {
      texts.push(embed(packCase(one)));
      ids.add(one.id);
    }
    return { texts, ids };
  }

  /** Begins to read the cases, so that they are there when the page asks. */
  begin(): void {
    // Whoever asks for them hears of a fault.
    this.newestJson()
      .then(() => this.#cases())
      .catch(() => undefined);
  }

  /** What has come since a page had `known`; null for one that must read everything again. @throws CaseNotesError */
  async news(known: DeskCursor): Promise<DeskNews | null> {
    await this.#logs.refresh();
    const cursor = this.#cursor;
    if (known.run !== cursor.run || known.events > cursor.events) return null;
    // What an earlier version wrote has no clock yet, and is in the cases.
    const events = this.#logs.book.since(known.events).filter(({ clock }) => clock > 0);
    return { cursor, events, damagedLogs: this.#logs.damaged.map(({ file }) => file) };
  }

  /** The bytes of a document among the cases that the page can show, by its path; null for any other file. */
  async documentBytes(path: string): Promise<number | null> {
    return (await this.#cases()).documents.get(path) ?? null;
  }

  get #cursor(): DeskCursor {
    return { run: `${this.#run} ${this.#logs.generation}`, events: this.#logs.book.size, cases: this.#stateNow() };
  }

  /** Read again once a case, or what was added to one, has come or gone. */
  async #cases(): Promise<Cases> {
    const state = this.#stateNow();
    if (this.#read?.state !== state) {
      const cases = this.#readAll();
      this.#read = { state, cases };
      // What could not be read may be readable the next time.
      cases.catch(() => {
        if (this.#read?.cases === cases) this.#read = null;
      });
    }
    return this.#read.cases;
  }

  /** Whatever changes cases also changes their folder, if only by its index. */
  #stateNow(): string {
    const changed = statSync(this.#root).mtimeMs;
    if (this.#state?.changed !== changed) this.#state = { changed, state: stateOf(this.#root) };
    return this.#state.state;
  }

  async #readAll(): Promise<Cases> {
    const all = await this.#readWithin(this.#limits.caseChars, this.#limits.chars);
    if (all.chars <= this.#limits.chars) return all;
    return this.#readWithin(fairShare(all.sizes, this.#limits.chars), Number.POSITIVE_INFINITY);
  }

  async #readWithin(caseChars: number, chars: number): Promise<Cases & { chars: number; sizes: readonly number[] }> {
    const folders = listCases(this.#root);
    const shown = folders.slice(0, this.#limits.cases);
    const [texts, sizes, documents]: [Buffer[], number[], Map<string, number>] = [[], [], new Map()];
    let [taken, shortened] = [0, 0];
    for await (const one of readCases(this.#root, { folders: shown, maxChars: caseChars })) {
      const text = embed(packCase(one));
      sizes.push(text.length);
      taken += text.length;
      // Once they do not fit, they are only counted.
      if (taken > chars) texts.length = 0;
      else texts.push(Buffer.from(texts.length === 0 ? text : `,\n${text}`));
      if (one.shortened === true) shortened += 1;
      for (const each of documentsOf(one)) if (engineOf(each) !== null) documents.set(each.path, each.bytes);
      if (sizes.length % CASES_PER_TURN === 0) await nextTurn();
    }
    const omitted = folders.length - shown.length;
    return { json: Buffer.concat(texts), documents, shortened, omitted, chars: taken, sizes };
  }
}

/** How many folders of cases there are, and when the last of them changed. */
function stateOf(root: string): string {
  const names = readdirSync(root).filter((name) => name.startsWith("submission-"));
  const times = names.map((name) => statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return `${names.length} ${times.reduce((latest, each) => Math.max(latest, each), 0)}`;
}
