/**
 * Whether two words differ by at most one letter: one other, missing or added, or two that changed places (optimal string
 * alignment distance).
 */
export function differByOne(left: string, right: string): boolean {
  if (left === right) return true;
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const [a, b] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  if (a.length <= 1 && b.length <= 1) return true;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}

/** Whether two words differ by at most two such changes. */
export function differByTwo(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 2) return false;
  const others = new Set(neighbours(right));
  return neighbours(left).some((word) => others.has(word) || [...others].some((other) => differByOne(word, other)));
}

/** A word and the word without each of its letters. Two words that differ by one letter have one of these in common. */
export function neighbours(word: string): string[] {
  return [word, ...Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))];
}
