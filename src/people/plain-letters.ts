// Letters are mostly plain: what each character means alone is in a table, and regular expressions take ten times as
// long.

/** Alphabets lie below; dashes and quotes between the other two. */
const [ALPHABETS_END, SIGNS, SIGNS_END] = [0x530, 0x2010, 0x2040];
/** A longer text is none of a letter as people write them. */
const MAX_CHARS = 64 * 1024;
const SPACE = 32;
/** Bits of a kind. Without `PLAIN` a character is rare, or changes with those around it. */
const [CAPITAL, IN_NAMES, LATIN, PLAIN] = [1, 2, 4, 8];
/** Letters in a name that a search finds. */
const [MIN_LETTERS, MAX_LETTERS] = [4, 40];
const SAME: Readonly<Record<string, string>> = { ё: "е", "’": "'" };

interface Table {
  readonly kinds: Uint8Array;
  /** In lower case, after NFKC; all spaces are the plain one. */
  readonly lower: Uint16Array;
  readonly made: Uint16Array;
  readonly decoder: TextDecoder;
}

let table: Table | null = null;

/** Made once somebody searches. */
function tableOf(): Table {
  if (table !== null) return table;
  const [kinds, lower] = [new Uint8Array(SIGNS_END), new Uint16Array(SIGNS_END)];
  for (let code = 0; code < SIGNS_END; code += code === ALPHABETS_END - 1 ? SIGNS - code : 1) {
    const character = String.fromCharCode(code);
    const small = /\s/.test(character) ? " " : character.toLowerCase();
    const changes = /\p{M}|Σ/u.test(character) || (small !== " " && character.normalize("NFKC") !== character);
    lower[code] = (SAME[small] ?? small).charCodeAt(0);
    if (changes || small.length !== 1) continue;
    kinds[code] =
      PLAIN |
      (/\p{Lu}/u.test(character) ? CAPITAL : 0) |
      (/[\p{L}\p{M}'’ʼ]/u.test(character) ? IN_NAMES : 0) |
      (/[A-Za-z]/.test(character) ? LATIN : 0);
  }
  table = { kinds, lower, made: new Uint16Array(MAX_CHARS), decoder: new TextDecoder(NATIVE_UTF_16) };
  return table;
}

const NATIVE_UTF_16 = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? "utf-16le" : "utf-16be";

/** A text after NFKC, in lower case, without ё and ’, each run of spaces as one; null if it is not plain. */
export function lowerPlain(text: string): string | null {
  if (text.length > MAX_CHARS) return null;
  const { kinds, lower, made, decoder } = tableOf();
  let length = 0;
  let isSpaced = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (((kinds[code] ?? 0) & PLAIN) === 0) return null;
    const small = lower[code] ?? 0;
    if (small === SPACE && isSpaced) continue;
    isSpaced = small === SPACE;
    made[length] = small;
    length += 1;
  }
  return decoder.decode(made.subarray(0, length));
}

/** Words with a capital, and whatever is in Latin letters, of 4 to 40 letters; null if the text is not plain. */
export function namesInPlain(text: string): string[] | null {
  const { kinds } = tableOf();
  const names: string[] = [];
  for (let at = 0; at < text.length; ) {
    const kind = kinds[text.charCodeAt(at)] ?? 0;
    if ((kind & PLAIN) === 0) return null;
    let end = (kind & CAPITAL) === 0 ? at : endOf(text, at, IN_NAMES, kinds);
    if (end - at < MIN_LETTERS && (kind & LATIN) !== 0) end = endOf(text, at, LATIN, kinds);
    if (end - at >= MIN_LETTERS) names.push(text.slice(at, end));
    // What is not plain ends every run, and comes next.
    at = end - at >= MIN_LETTERS ? end : at + 1;
  }
  return names;
}

/** Where the characters of a kind that begin at a place end. */
function endOf(text: string, begin: number, kind: number, kinds: Uint8Array): number {
  const most = Math.min(text.length, begin + MAX_LETTERS);
  let at = begin + 1;
  while (at < most && ((kinds[text.charCodeAt(at)] ?? 0) & kind) !== 0) at += 1;
  return at;
}
