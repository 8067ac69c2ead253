import { relayOf } from "./relay-visitors.js";

/** How much of something each visitor holds, and all visitors of a relay together. Who holds nothing is forgotten. */
export class Holdings {
  readonly #held = new Map<string | null, number>();

  /** @param holder a visitor or a relay */
  of(holder: string | null): number {
    return this.#held.get(holder) ?? 0;
  }

  /** @param amount negative for what is given back */
  add(visitor: string | null, amount: number): void {
    this.#count(visitor, amount);
    const relay = relayOf(visitor);
    if (relay !== null) this.#count(relay, amount);
  }

  #count(holder: string | null, amount: number): void {
    const sum = this.of(holder) + amount;
    if (sum > 0) this.#held.set(holder, sum);
    else this.#held.delete(holder);
  }
}
