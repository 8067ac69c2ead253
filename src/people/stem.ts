import { stemmer } from "@orama/stemmers/russian";

/** Ukrainian letters as the Russian ones that Snowball's endings are written with, one for one. */
const AS_RUSSIAN: Readonly<Record<string, string>> = { і: "и", ї: "и", є: "е", ґ: "г", ё: "е" };
/** Endings that Ukrainian has and Russian has not, in Russian letters. */
const UKRAINIAN = /(?:ови|еви|ои|ою|ею|ами|ями)$/;
/** More than one letter goes only from a word of which so many stay: `обм` would find half a letter. */
const MIN_LETTERS = 4;
/** What Snowball takes for the ending of a plural is most often that of a surname. */
const SURNAME = /(?:ов|ев|ин)$/;

/**
 * The beginning of a Russian or Ukrainian word that its forms share, by Snowball's Russian stemmer: `инсулин` for
 * `инсулина`, `інсулін` for `інсуліну`, `семенов` for `семенову`. Any other word comes back as it is.
 * @param word in lower case
 */
export function stem(word: string): string {
  if (!/^[а-яёіїєґ]+$/.test(word)) return word;
  const russian = word.replace(/[іїєґё]/g, (letter) => AS_RUSSIAN[letter] ?? letter);
  if (SURNAME.test(russian)) return word;
  // Snowball only takes letters from the end, so that as many letters of the word itself are its stem.
  const length = Math.min(stemmer(russian).length, russian.replace(UKRAINIAN, "").length);
  if (length >= MIN_LETTERS) return word.slice(0, length);
  return length < word.length && word.length >= MIN_LETTERS ? word.slice(0, -1) : word;
}
