/** Something that is not as it has to be. */
export interface Difference {
  readonly path: string;
  readonly what: string;
}

/** What a look at a portal has come to. */
export class Report {
  /** Answers that were compared. */
  looked = 0;
  readonly #differences: Difference[] = [];
  readonly #notes = new Set<string>();
  readonly #takenOver: string[] = [];

  differ(path: string, ...whats: readonly string[]): void {
    this.#differences.push(...whats.map((what) => ({ path, what })));
  }

  /** Once, however often it is found. */
  note(...notes: readonly string[]): void {
    for (const note of notes) this.#notes.add(note);
  }

  takeOver(what: string): void {
    this.#takenOver.push(what);
  }

  /** By path, those of one path in the order in which they were found. */
  get differences(): readonly Difference[] {
    return [...this.#differences].sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
  }

  get notes(): readonly string[] {
    return [...this.#notes].sort();
  }

  get takenOver(): readonly string[] {
    return this.#takenOver;
  }
}
