/**
 * What waits, each visitor's in a line by itself; the lines take turns. Visitors that nobody can tell apart share one.
 */
export class VisitorLines<Item> {
  /** In the order in which they have their turn. No line is empty. */
  readonly #lines = new Map<string | null, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(visitor: string | null, item: Item): void {
    const line = this.#lines.get(visitor);
    if (line === undefined) this.#lines.set(visitor, [item]);
    else line.push(item);
    this.#size += 1;
  }

  /** Takes `item`, which waits, out of the line of `visitor`. */
  remove(visitor: string | null, item: Item): void {
    const line = this.#lines.get(visitor) ?? [];
    line.splice(line.indexOf(item), 1);
    if (line.length === 0) this.#lines.delete(visitor);
    this.#size -= 1;
  }

  /** Takes out the first of the line whose turn it is. */
  next(): Item | undefined {
    for (const [visitor, line] of this.#lines) {
      const item = line.shift();
      // To the end of the round, or out of it.
      this.#lines.delete(visitor);
      if (line.length > 0) this.#lines.set(visitor, line);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }

  lengthOf(visitor: string | null): number {
    return this.#lines.get(visitor)?.length ?? 0;
  }

  longest(): readonly Item[] {
    return [...this.#lines.values()].reduce<readonly Item[]>(
      (longest, line) => (line.length > longest.length ? line : longest),
      [],
    );
  }
}
