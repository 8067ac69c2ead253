import { embed } from "./html-page.js";

/** Ends a text that was cut. */
const CUT_MARK = " […]";
/** Of a case's characters, the part that its letter may take before its answers and documents have had theirs. */
const LETTER_SHARE = 0.75;

/** Counts the characters that one case takes in the index, as JSON. */
export class CaseBudget {
  readonly #all: number;
  #left: number;
  /** Whether anything was left out or cut. */
  shortened = false;

  constructor(chars: number) {
    this.#all = chars;
    this.#left = chars;
  }

  /** Whether `value` still fits. */
  take(value: unknown): boolean {
    const chars = embed(value).length;
    if (chars > this.#left) {
      this.shortened = true;
      return false;
    }
    this.#left -= chars;
    return true;
  }

  /** As much of a letter as fits. */
  takeLetter(letter: string): string {
    const room = Math.min(this.#left, Math.floor(this.#all * LETTER_SHARE));
    const kept = cut(letter, room);
    if (kept !== letter) this.shortened = true;
    this.#left -= embed(kept).length;
    return kept;
  }
}

/** The beginning of `text` that takes at most `chars` characters as JSON. */
function cut(text: string, chars: number): string {
  if (embed(text).length <= chars) return text;
  // Hidden characters take six as JSON.
  for (let length = Math.min(text.length, chars); length > 0; length = Math.floor(length * 0.9)) {
    const kept = text.slice(0, length).replace(/[\ud800-\udbff]$/, "") + CUT_MARK;
    if (embed(kept).length <= chars) return kept;
  }
  return "";
}

/**
 * The largest number of characters for each case so that all together take at most `total`. Small cases keep all of
 * theirs, however many large ones somebody has sent.
 */
export function fairShare(sizes: readonly number[], total: number): number {
  const sorted = [...sizes].sort((left, right) => left - right);
  let left = total;
  for (const [index, size] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (size > share) return share;
    left -= size;
  }
  return sorted.at(-1) ?? total;
}
