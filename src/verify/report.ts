/** A response that is not as expected. */
export interface Difference {
  readonly path: string;
  readonly what: string;
}

/** Collects the findings of one comparison. */
export class Report {
  /** Number of compared responses. */
  compared = 0;
  readonly #differences: Difference[] = [];
  readonly #notes = new Set<string>();
  readonly #takenOver: string[] = [];

  differ(path: string, ...whats: readonly string[]): void {
    this.#differences.push(...whats.map((what) => ({ path, what })));
  }

  /** Keeps each note once. */
  note(...notes: readonly string[]): void {
    for (const note of notes) this.#notes.add(note);
  }

  takeOver(what: string): void {
    this.#takenOver.push(what);
  }

  /** Sorted by path; those of one path in the order found. */
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
