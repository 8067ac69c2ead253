import { holderOf } from "./relay-visitors.js";

/**
 * What waits, each visitor's in a line by itself; the lines take turns. Visitors that nobody can tell apart share one.
 * All who come through one relay have the turns of one visitor, and take turns in them.
 */
export class VisitorLines<Item> {
  /** By visitor or relay, in the order in which they have their turn. None is empty. */
  readonly #groups = new Map<string | null, Lines<Item>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(visitor: string | null, item: Item): void {
    const key = holderOf(visitor);
    const group = this.#groups.get(key) ?? new Lines<Item>();
    this.#groups.set(key, group);
    group.add(visitor, item);
    this.#size += 1;
  }

  /** Takes `item`, which waits, out of the line of `visitor`. */
  remove(visitor: string | null, item: Item): void {
    const key = holderOf(visitor);
    const group = this.#groups.get(key);
    if (!group?.remove(visitor, item)) return;
    if (group.size === 0) this.#groups.delete(key);
    this.#size -= 1;
  }

  /** Takes out the first of the line whose turn it is. */
  next(): Item | undefined {
    for (const [key, group] of this.#groups) {
      const item = group.next();
      // To the end of the round, or out of it.
      this.#groups.delete(key);
      if (group.size > 0) this.#groups.set(key, group);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }

  /** The last of the longest line, which is to give way to `visitor`; null where that one has as long a line. */
  lastFor(visitor: string | null): Item | null {
    const own = this.#groups.get(holderOf(visitor));
    const longest = [...this.#groups.values()].reduce<Lines<Item> | undefined>(
      (most, each) => (each.size > (most?.size ?? 0) ? each : most),
      undefined,
    );
    if (longest === undefined) return null;
    if (longest.size > (own?.size ?? 0) + 1) return longest.longest().at(-1) ?? null;
    const line = own?.longest() ?? [];
    return line.length > (own?.lengthOf(visitor) ?? 0) + 1 ? (line.at(-1) ?? null) : null;
  }
}

/** Lines of one relay's visitors, in turns; or the one line of a visitor. */
class Lines<Item> {
  readonly #lines = new Map<string | null, Item[]>();
  size = 0;

  add(visitor: string | null, item: Item): void {
    const line = this.#lines.get(visitor);
    if (line === undefined) this.#lines.set(visitor, [item]);
    else line.push(item);
    this.size += 1;
  }

  remove(visitor: string | null, item: Item): boolean {
    const line = this.#lines.get(visitor) ?? [];
    const index = line.indexOf(item);
    if (index < 0) return false;
    line.splice(index, 1);
    if (line.length === 0) this.#lines.delete(visitor);
    this.size -= 1;
    return true;
  }

  next(): Item | undefined {
    for (const [visitor, line] of this.#lines) {
      const item = line.shift();
      this.#lines.delete(visitor);
      if (line.length > 0) this.#lines.set(visitor, line);
      this.size -= 1;
      return item;
    }
    return undefined;
  }

  lengthOf(visitor: string | null): number {
    return this.#lines.get(visitor)?.length ?? 0;
  }

  /** Of lines as long, the one that came last. */
  longest(): readonly Item[] {
    return [...this.#lines.values()].reduce((most, line) => (line.length >= most.length ? line : most), []);
  }
}
