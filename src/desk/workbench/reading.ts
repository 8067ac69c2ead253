import { randomUUID } from "node:crypto";
import { type CaseFolder, fairShare, type IndexLimits, listCases } from "../html/index.js";
import type { KeptCase, KeptCases } from "./kept-cases.js";

export interface Portion {
  readonly cases: readonly KeptCase[];
  /** Null unless it is the last one. */
  readonly end: { readonly shortened: number; readonly omitted: number } | null;
}

/** Cases of the first portion: those that the list shows before somebody asks for more. */
const NEWEST = 100;
/** Of each other one: a page takes some 15 ms for it, in which nobody can type. */
const PORTION_CHARS = 512 * 1024;
const PORTION_CASES = 500;

/** One reading of all cases, newest first, in portions that can be had while the others are read. */
export class Reading {
  /** What the folders of cases were when it began. */
  readonly state: string;
  /** Rejects once the cases cannot be read. */
  readonly done: Promise<void>;
  /** Number of cases, as far as their folders tell. */
  readonly total: number;
  /** Paths below the folder of cases, with the bytes of each. */
  readonly documents = new Map<string, number>();
  readonly #kept: KeptCases;
  readonly #limits: IndexLimits;
  readonly #folders: readonly CaseFolder[];
  #id: string = randomUUID();
  #cases = new WeakSet<KeptCase>();
  readonly #ids = new Set<string>();
  #shortened = 0;
  #portions: KeptCase[][] = [[]];
  #end: Portion["end"] = null;
  #fault: { readonly cause: unknown } | null = null;
  #waiting: (() => void)[] = [];

  constructor(root: string, kept: KeptCases, { limits, state }: { limits: IndexLimits; state: string }) {
    this.#kept = kept;
    this.#limits = limits;
    this.state = state;
    this.#folders = listCases(root);
    this.total = Math.min(this.#folders.length, limits.cases);
    this.done = this.#read();
    this.done.catch((cause: unknown) => {
      this.#fault = { cause };
      this.#wake();
    });
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

  /**
   * A portion, once it has been read. Null for one of a reading that has begun again since.
   * @param id of the reading that the page has had so far; empty for one that begins
   */
  async portion(id: string, at: number): Promise<Portion | null> {
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
    const sizes = await this.#readWithin(caseChars, chars);
    // Those that fitted may have been given away: whoever has them begins again.
    if (sum(sizes) > chars) await this.#readWithin(fairShare(sizes, chars), Number.POSITIVE_INFINITY);
    this.#end = { shortened: this.#shortened, omitted: this.#folders.length - this.total };
    this.#wake();
  }

  /** Returns the characters of each case. Once they are more than `chars`, it only counts. */
  async #readWithin(caseChars: number, chars: number): Promise<number[]> {
    const sizes: number[] = [];
    let [taken, inPortion] = [0, 0];
    for await (const one of this.#kept.read(this.#folders.slice(0, this.total), caseChars)) {
      sizes.push(one.chars);
      taken += one.chars;
      if (taken > chars) {
        if (taken - one.chars <= chars) this.#beginAgain();
        continue;
      }
      this.#take(one);
      inPortion += one.chars;
      if (!this.#isFull(inPortion)) continue;
      this.#portions.push([]);
      inPortion = 0;
      this.#wake();
    }
    return sizes;
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
