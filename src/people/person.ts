import { fold, withoutEnding } from "./fold.js";
import { mayBeOne } from "./given-names.js";
import type { NamePart, PersonName } from "./person-name.js";
import { differByOne, differByTwo } from "./similar.js";

/** What a letter says about the person it is about. */
export interface Mention {
  readonly name: PersonName;
  /** As {@link placeKeys} makes them. */
  readonly places: readonly string[];
}

/** How much two mentions agree. `never`: something says that they are two people. */
export type Agreement = number | "never";

const SURNAME = { same: 3, near: 1.5 };
const WHOLE = 2;
const INITIAL = 1;
const YEAR = 2;
const PLACE = 1.5;
/** A shorter surname has too many neighbours. */
const MIN_NEAR_LETTERS = 5;
/** From here on two mentions are proposed as one person. A surname and a given name, and nothing against it. */
export const ENOUGH = 5;

/** Compares two mentions, part by part. A part that one of them lacks says nothing. */
export function compare(left: Mention, right: Mention): Agreement {
  const parts = [
    surnames(left.name, right.name),
    names(left.name.given, right.name.given),
    names(left.name.patronymic, right.name.patronymic),
    years(left.name.year, right.name.year),
    places(left.places, right.places),
  ];
  let sum = 0;
  for (const part of parts) {
    if (part === "never") return "never";
    sum += part;
  }
  return sum;
}

function surnames({ surname: left }: PersonName, { surname: right }: PersonName): Agreement {
  if (left.length === 0 || right.length === 0) return 0;
  if (left.some((key) => right.includes(key))) return SURNAME.same;
  const shortest = Math.min(...[...left, ...right].map(({ length }) => length));
  if (shortest < MIN_NEAR_LETTERS) return "never";
  if (left.some((one) => right.some((other) => differByOne(one, other)))) return SURNAME.near;
  // Both mistyped: all the rest must agree.
  return shortest > MIN_NEAR_LETTERS && left.some((one) => right.some((other) => differByTwo(one, other)))
    ? 0
    : "never";
}

function names(left: NamePart | null, right: NamePart | null): Agreement {
  if (left === null || right === null) return 0;
  if (left.isInitial || right.isInitial) {
    if ([...left.initials].some((each) => right.initials.has(each))) return INITIAL;
    // Николай and Микола are one name, so that Н. and М. say nothing.
    const [letter = ""] = left.initials;
    return left.isInitial && right.isInitial && [...right.initials].some((each) => mayBeOne(letter, each))
      ? 0
      : "never";
  }
  if (left.names.size > 0 && right.names.size > 0)
    return [...left.names].some((each) => right.names.has(each)) ? WHOLE : "never";
  return left.keys.some((key, at) => differByOne(key, right.keys[at] ?? "")) ? WHOLE : "never";
}

function years(left: number | null, right: number | null): Agreement {
  if (left === null || right === null) return 0;
  if (left === right) return YEAR;
  // One digit mistyped, or a year off: it says nothing.
  return Math.abs(left - right) === 1 || differByOne(String(left), String(right)) ? 0 : "never";
}

function places(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  return left.some((key) => right.includes(key)) ? PLACE : 0;
}

/** `ик6` and `мелег` for `ИК-6, Мелехово`: numbered places, and words without endings. */
export function placeKeys(place: string): string[] {
  const text = place.slice(0, 200);
  const numbered = [...text.matchAll(/(\p{L}{2,5})[\s№-]*(\d{1,3})(?!\d)/gu)].map(
    ([, kind = "", number]) => `${fold(kind)}${number}`,
  );
  const words = (text.match(/\p{L}{4,}/gu) ?? []).map((word) => withoutEnding(fold(word), 3));
  return [...numbered, ...words.filter((word) => !PLACE_WORDS.has(word))];
}

const PLACE_WORDS = new Set(
  "колония колонія город місто область обл сизо сізо тюрьма вязниця больница лікарня поселок село район край республика слідчий изолятор ізолятор следственный"
    .split(" ")
    .map((word) => withoutEnding(fold(word), 3)),
);
