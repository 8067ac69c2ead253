/** Words of one shingle. */
const SHINGLE_WORDS = 4;
/** Fewer words are a greeting, which many letters share. */
const MIN_WORDS = 12;
const MAX_CHARS = 40_000;
const HASHES = 48;
const BANDS = 16;
const ROWS = HASHES / BANDS;

/** Odd factors and offsets of the hash functions, the same in each run: nothing here is secret. */
const FACTORS = Array.from({ length: HASHES }, (_, at) => Math.imul(at + 1, 0x9e3779b1) | 1);
const OFFSETS = Array.from({ length: HASHES }, (_, at) => Math.imul(at + 7, 0x85ebca6b));

/**
 * The MinHash signature (Broder 1997) of a text's shingles of four words, or null if it is too short to say anything.
 * The part of values in which two signatures agree estimates the part of shingles that the texts share.
 */
export function signatureOf(text: string): Uint32Array | null {
  const words =
    text
      .slice(0, MAX_CHARS)
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("ё", "е")
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < MIN_WORDS) return null;
  const hashes = words.map(hashOf);
  const signature = new Uint32Array(HASHES).fill(0xffffffff);
  for (let at = 0; at + SHINGLE_WORDS <= hashes.length; at += 1) {
    let shingle = 0;
    for (let word = 0; word < SHINGLE_WORDS; word += 1)
      shingle = mix(Math.imul(shingle, 31) + (hashes[at + word] ?? 0));
    for (let index = 0; index < HASHES; index += 1) {
      const value = (Math.imul(shingle, FACTORS[index] ?? 1) + (OFFSETS[index] ?? 0)) >>> 0;
      const mixed = (value ^ (value >>> 15)) >>> 0;
      if (mixed < (signature[index] ?? 0)) signature[index] = mixed;
    }
  }
  return signature;
}

/** Buckets of a signature: two texts that share two thirds of their shingles have one in common, almost certainly. */
export function bucketsOf(signature: Uint32Array): string[] {
  return Array.from(
    { length: BANDS },
    (_, band) => `${band}:${signature.slice(band * ROWS, (band + 1) * ROWS).join()}`,
  );
}

/** The estimated part of shingles that two texts share, from 0 to 1. */
export function similarity(left: Uint32Array, right: Uint32Array): number {
  return left.reduce((equal, value, at) => equal + (value === right[at] ? 1 : 0), 0) / HASHES;
}

/** FNV-1a of UTF-16 code units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
