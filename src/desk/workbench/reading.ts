import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isCaseFolder } from "../../cases/index.js";
import { type CaseFolder, fairShare, type IndexLimits, NEWEST, PORTION_CHARS } from "../html/index.js";
import type { CaseFolders } from "./case-folders.js";
import type { KeptCase, KeptCases } from "./kept-cases.js";

export interface Portion {
  readonly cases: readonly KeptCase[];
  /** Null unless it is the last one. */
  readonly end: { readonly shortened: number; readonly omitted: number } | null;
}

/** Of a portion after the first. */
const PORTION_CASES = 500;
/** A browser that starts needs the processor: the others wait so long for somebody to ask for them, ms. */
const PAUSE_MS = 1_500;

/** One reading of all cases, newest first, in portions that can be had while the others are read. */
export class Reading {
  /** Rejects once the cases cannot be read. */
  readonly done: Promise<void>;
  /** Paths below the folder of cases, with the bytes of each. */
  readonly documents = new Map<string, number>();
  readonly #kept: KeptCases;
  readonly #limits: IndexLimits;
  readonly #at: CaseFolders;
  #folders: readonly CaseFolder[] = [];
  #state = "";
  #total = 0;
  #id: string = randomUUID();
  #cases = new WeakSet<KeptCase>();
  readonly #ids = new Set<string>();
  #shortened = 0;
  #portions: KeptCase[][] = [[]];
  #end: Portion["end"] = null;
  #fault: { readonly cause: unknown } | null = null;
  #waiting: (() => void)[] = [];
  /** Characters of each case. */
  #sizes: number[] = [];
  #taken = 0;
  #inPortion = 0;
  #isAwaited = false;
  #givesWay = false;
  #goOn: () => void = () => undefined;

  constructor(folders: CaseFolders, kept: KeptCases, limits: IndexLimits) {
    this.#at = folders;
    this.#kept = kept;
    this.#limits = limits;
    this.done = this.#read();
    this.done.catch((cause: unknown) => {
      this.#fault = { cause };
      this.#wake();
    });
  }

  /** What the folders of cases were when it began; empty until all of them are listed. */
  get state(): string {
    return this.#state;
  }

  /** Number of cases, as far as their folders' names tell. */
  get total(): number {
    return this.#total;
  }

  /** Another one once it has begun again. */
  get id(): string {
    return this.#id;
  }

  /** The cases read until now. */
  get cases(): WeakSet<KeptCase> {
    return this.#cases;
  }

  /** All cases in their order, and how many there was no room for; null unless it has ended. */
  get whole(): { readonly cases: readonly KeptCase[]; readonly omitted: number } | null {
    return this.#end && { cases: this.#portions.flat(), omitted: this.#end.omitted };
  }

  /** Ids of them. */
  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  get isUnderWay(): boolean {
    return this.#end === null && this.#fault === null;
  }

  get hasFailed(): boolean {
    return this.#fault !== null;
  }

  /** Somebody waits for all cases. */
  hurry(): void {
    this.#isAwaited = true;
    this.#goOn();
  }

  /** A page begins: once it can have the first portion, it needs the processor to show that. */
  giveWay(): void {
    this.#givesWay = true;
  }

  /**
   * A portion, once it has been read. Null for one of a reading that has begun again since.
   * @param id of the reading that the page has had so far; empty for one that begins
   */
  async portion(id: string, at: number): Promise<Portion | null> {
    if (at > 0) this.hurry();
    for (;;) {
      if (this.#fault !== null) throw this.#fault.cause;
      if (id !== "" && id !== this.#id) return null;
      const last = this.#portions.length - 1;
      const cases = this.#portions[at];
      // The last one may still grow.
      if (cases !== undefined && (at < last || this.#end !== null))
        return { cases, end: at === last ? this.#end : null };
      if (this.#end !== null) return null;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  async #read(): Promise<void> {
    const { chars, caseChars } = this.#limits;
    await this.#readWithin(this.#ordered(), caseChars, chars);
    // Those that fitted may have been given away: whoever has them begins again.
    const sizes = this.#sizes;
    if (this.#taken > chars) {
      this.#taken = 0;
      await this.#readWithin(this.#folders.slice(0, this.total), fairShare(sizes, chars), Number.POSITIVE_INFINITY);
    }
    this.#end = { shortened: this.#shortened, omitted: this.#folders.length - this.total };
    this.#wake();
  }

  /** The newest of `index.html` first, while the others are not listed. If they prove to be others, it begins again. */
  async *#ordered(): AsyncGenerator<CaseFolder> {
    const names = await this.#at.names();
    this.#total = Math.min(names.names.filter(isCaseFolder).length, this.#limits.cases);
    const guess = await this.#at.guess(names);
    const guessed = guess.folders.slice(0, this.total);
    yield* guessed;
    if (this.#portions.length > 1) await this.#pause();
    const { folders, state } = await this.#at.list(names, guess.times, this.#turn);
    this.#folders = folders;
    this.#state = state;
    const isRight = guessed.every(({ name, day }, at) => folders[at]?.name === name && folders[at]?.day === day);
    if (!isRight) {
      this.#beginAgain();
      this.#sizes = [];
      this.#taken = 0;
      this.#inPortion = 0;
    }
    yield* folders.slice(isRight ? guessed.length : 0, this.total);
  }

  /** Until somebody asks for what comes after the first portion, or for a while. */
  async #pause(): Promise<void> {
    this.#givesWay = false;
    if (this.#isAwaited) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.#goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  readonly #turn = async (): Promise<void> => {
    await nextTurn();
    if (this.#givesWay && this.#portions.length > 1) await this.#pause();
  };

  /** Once the cases have more characters than `chars`, it only counts. */
  async #readWithin(
    folders: Iterable<CaseFolder> | AsyncIterable<CaseFolder>,
    caseChars: number,
    chars: number,
  ): Promise<void> {
    this.#inPortion = 0;
    for await (const one of this.#kept.read(folders, caseChars, this.#turn)) {
      this.#sizes.push(one.chars);
      this.#taken += one.chars;
      if (this.#taken > chars) {
        if (this.#taken - one.chars <= chars) this.#beginAgain();
        continue;
      }
      this.#take(one);
      this.#inPortion += one.chars;
      if (!this.#isFull(this.#inPortion)) continue;
      this.#portions.push([]);
      this.#inPortion = 0;
      this.#wake();
    }
  }

  #take(one: KeptCase): void {
    this.#portions.at(-1)?.push(one);
    this.#cases.add(one);
    this.#ids.add(one.id);
    if (one.shortened) this.#shortened += 1;
    for (const [path, bytes] of one.documents) this.documents.set(path, bytes);
  }

  #isFull(chars: number): boolean {
    const cases = this.#portions.at(-1)?.length ?? 0;
    if (this.#portions.length === 1 && cases >= NEWEST) return true;
    return chars >= PORTION_CHARS || cases >= PORTION_CASES;
  }

  #beginAgain(): void {
    this.#id = randomUUID();
    this.#portions = [[]];
    this.#cases = new WeakSet();
    this.#ids.clear();
    this.#shortened = 0;
    this.documents.clear();
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
