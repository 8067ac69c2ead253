import type { Texts } from "./texts.js";

const UNITS = ["size-bytes", "size-kib", "size-mib", "size-gib"];

/** `bytes` in powers of 1024, in the language of `texts`. */
export function saySize(texts: Texts, bytes: number): string {
  let count = bytes;
  let unit = 0;
  while (count >= 1024 && unit < UNITS.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return texts.say(UNITS[unit] ?? "size-bytes", { count });
}
