/** Texts by language and message id. Braces mark the placeholders of values. */
export type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Say = (id: string, values?: Readonly<Record<string, string>>) => string;

/** As Intl says them, which loads a language's data first: Chromium takes longer for that than for a hundred rows. */
const DAYS: Readonly<Record<string, readonly [one: string, few: string, many: string]>> = {
  uk: ["день", "дні", "днів"],
  ru: ["день", "дня", "дней"],
  en: ["day", "days", "days"],
};
/** From here on digits are grouped. */
const MAX_PLAIN = 1_000;

function pluralOf(language: string, value: number): 0 | 1 | 2 {
  if (language === "en") return value === 1 ? 0 : 2;
  const [ones, hundreds] = [value % 10, value % 100];
  if (ones === 1 && hundreds !== 11) return 0;
  return ones >= 2 && ones <= 4 && (hundreds < 12 || hundreds > 14) ? 1 : 2;
}

/** The page's texts and formats in the chosen language. */
export class Locale {
  readonly #words: Words;
  language = "uk";
  /** A list formats hundreds of numbers, and to make a format takes longer than to use it. */
  readonly #formats = new Map<string, Intl.NumberFormat>();

  constructor(words: Words) {
    this.#words = words;
  }

  readonly say: Say = (id, values = {}) =>
    (this.#words[this.language]?.[id] ?? id).replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "");

  /** Each language and its own name for itself. */
  get languages(): readonly (readonly [language: string, name: string])[] {
    return Object.entries(this.#words).map(([language, words]) => [language, words["language-name"] ?? language]);
  }

  readonly number = (value: number): string => this.#format("number", { maximumFractionDigits: 1 }).format(value);

  /** A number of days in words: `17 днів`. */
  readonly days = (value: number): string => {
    const form = value < MAX_PLAIN ? DAYS[this.language]?.[pluralOf(this.language, value)] : undefined;
    if (form !== undefined) return `${value} ${form}`;
    return this.#format("days", { style: "unit", unit: "day", unitDisplay: "long" }).format(value);
  };

  /** A number of bytes in the units of the language: `МіБ` in Ukrainian. */
  readonly size = (bytes: number): string => {
    const power = bytes < 1024 ** 2 ? 1 : bytes < 1024 ** 3 ? 2 : 3;
    const unit = (this.language === "uk" ? ["КіБ", "МіБ", "ГіБ"] : ["KiB", "MiB", "GiB"])[power - 1];
    return `${this.number(bytes / 1024 ** power)} ${unit}`;
  };

  #format(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = `${this.language} ${name}`;
    const known = this.#formats.get(key) ?? new Intl.NumberFormat(this.language, options);
    this.#formats.set(key, known);
    return known;
  }
}
