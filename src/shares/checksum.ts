/** SLIP-0039's RS1024: a Reed-Solomon code over GF(1024). Three words of it detect any three wrong words. */
const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
];
/** Keeps a share of ours from passing for one of another program. */
const CUSTOMIZATION = [...new TextEncoder().encode("postern")];

export const CHECKSUM_WORDS = 3;

/** The three words that make `values` whole. Each value is a number under 1,024. */
export function checksum(values: readonly number[]): number[] {
  const sum = polymod([...values, 0, 0, 0]) ^ 1;
  return [(sum >> 20) & 1023, (sum >> 10) & 1023, sum & 1023];
}

/** Whether `values`, with the checksum at their end, are whole. */
export function isWhole(values: readonly number[]): boolean {
  return polymod(values) === 1;
}

/** The places at which one other word would make `values` whole: one place if one word is wrong, none if two are. */
export function wrongPlaces(values: readonly number[]): number[] {
  return [...values.keys()].filter((place) => {
    const tried = [...values];
    for (let value = 0; value < 1024; value += 1) {
      tried[place] = value;
      if (isWhole(tried)) return true;
    }
    return false;
  });
}

/** The first of two neighbours whose swapping makes `values` whole; null for none. */
export function swappedPlace(values: readonly number[]): number | null {
  const place = values.findIndex((value, index) => {
    const next = values[index + 1];
    return next !== undefined && isWhole(values.with(index, next).with(index + 1, value));
  });
  return place === -1 ? null : place;
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of [...CUSTOMIZATION, ...values]) {
    const top = sum >>> 20;
    sum = ((sum & 0xfffff) << 10) ^ value;
    for (const [bit, term] of GENERATOR.entries()) if (((top >> bit) & 1) === 1) sum ^= term;
  }
  return sum;
}
