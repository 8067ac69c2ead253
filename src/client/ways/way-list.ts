/** A lie weighs more than any number of failures that people wait for. */
const LIE = 1_000;

/** Addresses that a letter may be sent through, and what has been seen of each. */
export class WayList {
  readonly #faults = new Map<string, number>();
  /** Since the portal was last heard, by any way. */
  readonly #unhelpful = new Set<string>();
  readonly #used = new Set<string>();
  #present: string;

  /** @param addresses origins: at least one */
  constructor(addresses: readonly string[]) {
    for (const address of shuffled(addresses)) this.#faults.set(address, 0);
    this.#present = this.#best();
  }

  get size(): number {
    return this.#faults.size;
  }

  /** The way to ask next: the same one for as long as it works. */
  get present(): string {
    return this.#present;
  }

  /** All, each once: the present one, then those that failed least. */
  get inOrder(): readonly string[] {
    const others = [...this.#faults].sort(([, left], [, right]) => left - right).map(([way]) => way);
    return [this.#present, ...others.filter((way) => way !== this.#present)];
  }

  /** Whether no way has brought the portal's word since any last did. */
  get exhausted(): boolean {
    return this.#unhelpful.size === this.size;
  }

  /** The portal has answered by this way. */
  helped(way: string): void {
    const faults = this.#faults.get(way) ?? 0;
    this.#faults.set(way, faults - (faults % LIE));
    this.#unhelpful.clear();
    this.#used.add(way);
    this.#present = way;
  }

  failed(way: string): void {
    this.#add(way, 1);
  }

  /** Somebody on this way has made up an answer. */
  lied(way: string): void {
    this.#add(way, LIE);
  }

  /** An upload has to begin anew. Whoever spoilt it is among those who carried it. */
  startOver(): void {
    for (const way of this.#used) this.#faults.set(way, (this.#faults.get(way) ?? 0) + LIE);
    this.#used.clear();
    this.#present = this.#best();
  }

  #add(way: string, faults: number): void {
    this.#faults.set(way, (this.#faults.get(way) ?? 0) + faults);
    this.#unhelpful.add(way);
    if (this.#present === way) this.#present = this.#best();
  }

  #best(): string {
    let best: readonly [string, number] = ["", Number.POSITIVE_INFINITY];
    for (const each of this.#faults) if (each[1] < best[1]) best = each;
    return best[0];
  }
}

/** In an order that nobody can foretell, so that no relay has all letters. */
function shuffled(addresses: readonly string[]): readonly string[] {
  const keyed = addresses.map((address) => [crypto.getRandomValues(new Uint32Array(1))[0] ?? 0, address] as const);
  return keyed.sort(([left], [right]) => left - right).map(([, address]) => address);
}
