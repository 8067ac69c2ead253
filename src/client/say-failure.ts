import { DAY_MS } from "../core/index.js";
import type { FailureCode } from "./messages.js";
import type { Say } from "./settings.js";

/** What went wrong and what to do, with the device's own day where a clock may be wrong. */
export function sayFailure(say: Say, language: string, code: FailureCode): string {
  // A clock may be wrong by hours only.
  const time = code === "clock" ? ({ timeStyle: "short" } as const) : {};
  return say(`client-fault-${code}`, { day: sayNow(language, time) });
}

/** The device's own day, and with `timeStyle` its time. */
export function sayNow(language: string, time: { readonly timeStyle?: "short" } = {}): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", ...time }).format(Date.now());
}

/** The last whole day before `until`, ms, by any clock on Earth. */
export function sayUntil(say: Say, language: string, words: string, until: number): string {
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(until - DAY_MS);
  return say(words, { day });
}
