/** Letters that people and passports spell in several ways, as one. Both alphabets end in the same few letters. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ ьо: "е", э: "е", є: "е", і: "и", ы: "и", ґ: "г", х: "г", ю: "у", я: "а", щ: "шч", ц: "тс", ь: "", ъ: "" },
};
/** Latin letters of passports, ICAO 9303 and older ones, and as people write them. The longest come first. */
const LATIN: Readonly<Record<string, string>> = {
  ...{ shch: "шч", sch: "шч", tch: "ч", zh: "ж", kh: "г", ts: "тс", ch: "ч", sh: "ш", ph: "ф" },
  ...{ yu: "у", iu: "у", ju: "у", ya: "а", ia: "а", ja: "а", ye: "е", je: "е", ie: "е", yo: "е", jo: "е", yi: "и" },
  ...{ a: "а", b: "б", c: "к", d: "д", e: "е", f: "ф", g: "г", h: "г", i: "и", j: "и", k: "к", l: "л", m: "м" },
  ...{ n: "н", o: "о", p: "п", q: "к", r: "р", s: "с", t: "т", u: "у", v: "в", w: "в", x: "кс", y: "и", z: "з" },
};
const LETTERS = new RegExp([...Object.keys(CYRILLIC), ...Object.keys(LATIN)].join("|"), "g");

/**
 * A word of a name in one spelling: Пётр, Петр and Pyotr are equal, as are Юлия, Юлія, Yuliya and Iuliia. It is a key to
 * compare by, and no text to show.
 */
export function fold(word: string): string {
  return (
    word
      .normalize("NFD")
      .toLowerCase()
      // Also takes the marks of й, ё and ї.
      .replace(/[^\p{L}]/gu, "")
      .replace(LETTERS, (letters) => CYRILLIC[letters] ?? LATIN[letters] ?? letters)
      .replace(/(?<=.)и+(?=[аеоу])/g, "")
      .replace(/(.)\1+/g, "$1")
  );
}

/** Endings of Russian and Ukrainian names in all cases, folded, the longest first. */
const ENDING = /(?:ого|ому|его|ему|ими|ови|еви|оу|еу|еа|ои|еи|им|ом|ем|а|у|е|и|о)$/;

/** A folded name without its ending, of which at least `least` letters stay. */
export function withoutEnding(folded: string, least: number): string {
  const stem = folded.replace(ENDING, "");
  return stem.length >= least ? stem : folded;
}
