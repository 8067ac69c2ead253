/** Bytes shown before and after the first that differs. */
const BEFORE = 20;
const AFTER = 40;
const LONGEST_QUOTE = 600;

/** Text of a stranger as it may be shown: on one line, in quotation marks, and nothing in it that steers a terminal. */
export function quoted(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `"${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (found) =>
    found === "\n" ? "⏎" : `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  )}"`;
}

/**
 * Where `found` first differs from `expected`, with a short piece of both; null if they are the same.
 * @param whole whether `found` is all that came
 */
export function describeDifference(expected: Uint8Array, found: Uint8Array, whole = true): string | null {
  const shorter = Math.min(expected.length, found.length);
  let at = 0;
  while (at < shorter && expected[at] === found[at]) at += 1;
  if (at === expected.length && at === found.length && whole) return null;
  const piece = (bytes: Uint8Array) =>
    at >= bytes.length
      ? "the end"
      : quoted(Buffer.from(bytes.subarray(Math.max(0, at - BEFORE), at + AFTER)).toString("utf8"));
  const length = whole ? `${found.length}` : `more than ${found.length}`;
  return (
    `differs at byte ${at} (${length} bytes came, ${expected.length} were expected): ` +
    `got ${piece(found)}, expected ${piece(expected)}`
  );
}
