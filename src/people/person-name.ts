import { fold, withoutEnding } from "./fold.js";
import { givenNames, initialsOf, nameKeys } from "./given-names.js";

/** A given name, or the father's name in a patronymic. */
export interface NamePart {
  /** Folded, with and without its ending. */
  readonly keys: readonly string[];
  /** Numbers of the given names that it may be. */
  readonly names: ReadonlySet<number>;
  readonly initials: ReadonlySet<string>;
  /** Whether it is only its first letter. */
  readonly isInitial: boolean;
}

/** A name taken apart. Each part may be missing. */
export interface PersonName {
  /** Folded, with and without its ending: a name in the nominative may look like one in another case. */
  readonly surname: readonly string[];
  readonly given: NamePart | null;
  readonly patronymic: NamePart | null;
  /** Of birth. */
  readonly year: number | null;
}

const MAX_CHARS = 300;
const MAX_PEOPLE = 5;
const MIN_SURNAME_LETTERS = 3;
const YEAR = /(?<!\d)(?:19[2-9]\d|20[0-2]\d)(?!\d)/;
/** A date or year with what follows it: `1987 г.р.`, `12.03.1987 р. н.` */
const DATE = /[\d./]*\d\s*(?:[гр]\.?\s*[рн]?\.?(?!\p{L}))?/gu;
/** What people write around a name, folded. */
const AROUND = new Set(
  (
    "мой моя моего моему моем моей мою муж мужа мужу мужем муже сын сына сыну сыном сыне брат брата брату братом отец отца " +
    "отцу отцом папа папы мать матери мама мамы дочь дочери сестра сестры жена жены племянник племянника внук внука друг " +
    "друга дядя дяди о об обо про за за от для это его ее зовут гр гражданин гражданина осужденный осужденного заключенный " +
    "заключенного подсудимый политзаключенный родился родилась рождения рожд год года годом лет г р гр рр мій мого моєму " +
    "чоловік чоловіка чоловіку син сина синові донька доньки дочка батько батька мати матір сестра дружина дружини брата " +
    "племінник онук це його її звати народився народилась народження рік року рн нар січня лютого січень пише пишу писать " +
    "сам сама себе мне мені я и та and my husband son brother father mother daughter sister wife nephew friend about born " +
    "year of the mr mrs is his her name января февраля марта апреля мая июня июля августа сентября октября ноября декабря " +
    "березня квітня травня червня липня серпня вересня жовтня листопада грудня"
  )
    .split(" ")
    .map(fold),
);
const PATRONYMIC = /(?:ович|евич|ич|овн|евн|ивн|ичн|инишн)(?:а|у|ем|ом|еви|е|и|ои|оу)?$/;
const SURNAME = /(?:ов|ев|ин|ск|тск|енк|ук|чак|дзе|швили)$/;

/** The people whom a line names, at most five: `Семёнов Иван Петрович, 1987 г.р.` */
export function readNames(line: string): PersonName[] {
  const people = line
    .slice(0, MAX_CHARS)
    .split(/[;\n]|,(?!\s*\d)| (?:и|та|й|and) (?=\p{L}{2,}\s+\p{L})/u)
    .map(readName)
    .filter(({ surname, given }) => surname.length > 0 || given !== null);
  return people.slice(0, MAX_PEOPLE);
}

function readName(text: string): PersonName {
  const year = YEAR.exec(text)?.[0];
  const words = (text.replace(DATE, " ").match(/[\p{L}\p{M}'’ʼ-]+\.?/gu) ?? []).filter(
    (word, at) => isInitial(word, at) || !AROUND.has(fold(word)),
  );
  const initials = words.filter(isInitial);
  const whole = words.filter((word, at) => !isInitial(word, at)).map((word) => word.replace(/\.$/, ""));
  const { surname, given, patronymic } = sortWords(whole);
  return {
    surname: surname === undefined ? [] : surnameKeys(surname),
    given: partOf(given ?? initials[0]),
    patronymic: partOf(fatherOf(patronymic) ?? initials[given === undefined ? 1 : 0]),
    year: year === undefined ? null : Number(year),
  };
}

/** One letter and a full stop; a capital alone only where it cannot begin a sentence: `О Семёнове`. */
function isInitial(word: string, at: number): boolean {
  return /^\p{L}\.$/u.test(word) || (at > 0 && /^\p{Lu}$/u.test(word));
}

/** The name in a patronymic: `серге` for Сергеевна. */
function fatherOf(patronymic: string | undefined): string | undefined {
  return patronymic === undefined ? undefined : fold(patronymic).replace(PATRONYMIC, "");
}

function partOf(word: string | undefined): NamePart | null {
  if (word === undefined) return null;
  const keys = nameKeys(word);
  const isInitial = keys[0].length === 1;
  const names = isInitial ? new Set<number>() : givenNames(word);
  return { keys, names, initials: new Set([keys[0].slice(0, 1), ...initialsOf(names)]), isInitial };
}

interface SortedWords {
  readonly surname: string | undefined;
  readonly given: string | undefined;
  readonly patronymic: string | undefined;
}

/** Which word is which: by what given names we know, by endings, and by the order of documents at last. */
function sortWords(words: readonly string[]): SortedWords {
  // After a given name, or as the third word: `Абрамович Роман` begins with a surname.
  const at = words.findLastIndex((word, index) => index > 0 && PATRONYMIC.test(fold(word)));
  const patronymic = words[at];
  const left = words.filter((_, index) => index !== at);
  const given = givenAmong(left, at === -1 ? undefined : words[at - 1]);
  return { patronymic, given, surname: left.find((word) => word !== given) };
}

/** @param beforePatronymic the word before the patronymic, which is the given name if no other is known to be one */
function givenAmong(words: readonly string[], beforePatronymic: string | undefined): string | undefined {
  const names = words.filter((word) => givenNames(word).size > 0);
  if (names.length === 1) return names[0];
  // Of two known names one is a surname: `Роман Семён`.
  if (names.length > 1) return names.find((word) => !isSurname(word)) ?? names[0];
  if (beforePatronymic !== undefined) return words.length > 1 ? beforePatronymic : undefined;
  const [first, second] = words;
  return first !== undefined && second !== undefined && isSurname(second) && !isSurname(first) ? first : second;
}

function isSurname(word: string): boolean {
  return SURNAME.test(withoutEnding(fold(word), MIN_SURNAME_LETTERS)) && fold(word).length > MIN_SURNAME_LETTERS + 2;
}

/** `иванов` for `Івановій`, of which a longer ending would leave `иван`. */
function withoutVowel(folded: string): string {
  return /(?:ов|ев|ин)[аеиоу]$/.test(folded) ? folded.slice(0, -1) : folded;
}

/** A surname, double ones by their first part, as keys: equal ones in any case, gender or alphabet have one in common. */
export function surnameKeys(surname: string): string[] {
  const folded = fold(surname.split("-")[0] ?? surname) || fold(surname);
  const keys = [withoutEnding(folded, MIN_SURNAME_LETTERS), withoutVowel(folded), folded];
  return [...new Set(keys)].filter((key) => key !== "");
}
