const CYRILLIC = /\p{Script=Cyrillic}/u;
const UKRAINIAN = /[іїєґ]/i;
/** Enough to know a language by. */
const MAX_CHARS = 64 * 1024;

/** `ru`, `uk`, or null: other scripts tell nothing. */
export function letterLanguage(subject: string, text: string): "ru" | "uk" | null {
  const words = `${subject} ${text.slice(0, MAX_CHARS)}`;
  if (UKRAINIAN.test(words)) return "uk";
  return CYRILLIC.test(words) ? "ru" : null;
}
