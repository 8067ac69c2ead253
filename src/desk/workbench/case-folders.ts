import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isCaseFolder } from "../../cases/index.js";
import { type CaseFolder, caseFolder, newestFirst, newestIndexed } from "../html/index.js";

/** As they were at one moment. */
export interface Names {
  /** Of the folder of cases, ms. */
  readonly changed: number;
  /** Sorted. */
  readonly names: readonly string[];
}

/** Folders whose time is known already, ms. */
type Times = ReadonlyMap<string, number>;

/** Thousands of folders take half a second: others are answered in between. */
const SLICE_MS = 10;

/** The folders of cases, read in slices. */
export class CaseFolders {
  readonly #root: string;
  #last: { readonly changed: number; readonly state: Promise<string> } | null = null;

  constructor(root: string) {
    this.#root = root;
  }

  /** @throws an error of the file system */
  async names(): Promise<Names> {
    const { mtimeMs: changed } = statSync(this.#root);
    const names = (await readdir(this.#root)).filter((name) => name.startsWith("submission-"));
    return { changed, names: names.sort() };
  }

  /** Those that `index.html` has as the newest, newest first, with their times. Another may have come since. */
  async guess({ names }: Names): Promise<{ readonly folders: readonly CaseFolder[]; readonly times: Times }> {
    const known = new Set(names);
    const guessed = (await newestIndexed(this.#root)).filter((name) => known.has(name));
    const times = new Map(guessed.map((name) => [name, this.#changed(name)]));
    return { folders: newestFirst(guessed.sort().map((name) => caseFolder(this.#root, name))), times };
  }

  /** All of them, newest first, and their state. `turn` waits until others are answered. */
  async list(
    { changed, names }: Names,
    known: Times,
    turn: () => Promise<void>,
  ): Promise<{ readonly folders: readonly CaseFolder[]; readonly state: string }> {
    const folders: CaseFolder[] = [];
    const take = (name: string) => {
      if (isCaseFolder(name)) folders.push(caseFolder(this.#root, name));
    };
    const state = await this.#stateOf(names, known, turn, take);
    this.#last = { changed, state: Promise.resolve(state) };
    return { folders: newestFirst(folders), state };
  }

  /**
   * How many there are, and when the last of them changed. Whatever changes cases also changes their folder, if only by
   * its index. @throws an error of the file system
   */
  async state(): Promise<string> {
    const { mtimeMs: changed } = statSync(this.#root);
    if (this.#last?.changed === changed) return this.#last.state;
    const state = this.names().then(({ names }) => this.#stateOf(names, new Map(), nextTurn, () => undefined));
    const last = { changed, state };
    this.#last = last;
    state.catch(() => {
      if (this.#last === last) this.#last = null;
    });
    return state;
  }

  /** Whether they are in that state still, up to this moment. */
  async isStill(state: string): Promise<boolean> {
    if ((await this.state()) !== state) return false;
    return this.#last?.changed === statSync(this.#root).mtimeMs;
  }

  async #stateOf(
    names: readonly string[],
    known: Times,
    turn: () => Promise<void>,
    act: (name: string) => void,
  ): Promise<string> {
    let latest = 0;
    let end = performance.now() + SLICE_MS;
    for (const name of names) {
      latest = Math.max(latest, known.get(name) ?? this.#changed(name));
      act(name);
      if (performance.now() < end) continue;
      await turn();
      end = performance.now() + SLICE_MS;
    }
    return `${names.length} ${latest}`;
  }

  #changed(name: string): number {
    return statSync(join(this.#root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }
}
