/** Bytes to show before and after the first difference. */
const BEFORE_BYTES = 20;
const AFTER_BYTES = 40;
const MAX_QUOTE_CHARACTERS = 600;

/** Untrusted text on one line in quotation marks, with every character escaped that could control a terminal. */
export function quoted(text: string): string {
  const cut = text.length > MAX_QUOTE_CHARACTERS ? `${text.slice(0, MAX_QUOTE_CHARACTERS)}…` : text;
  return `"${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (found) =>
    found === "\n" ? "⏎" : `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  )}"`;
}

/**
 * Names the first byte at which `found` differs from `expected`, with an excerpt of both; null if they are the same.
 * @param complete false if only the beginning of `found` was read
 */
export function describeDifference(expected: Uint8Array, found: Uint8Array, complete = true): string | null {
  const shorter = Math.min(expected.length, found.length);
  let at = 0;
  while (at < shorter && expected[at] === found[at]) at += 1;
  if (at === expected.length && at === found.length && complete) return null;
  const excerpt = (bytes: Uint8Array) =>
    at >= bytes.length
      ? "the end"
      : quoted(Buffer.from(bytes.subarray(Math.max(0, at - BEFORE_BYTES), at + AFTER_BYTES)).toString("utf8"));
  const length = complete ? `${found.length}` : `more than ${found.length}`;
  return (
    `differs at byte ${at} (received ${length} bytes, expected ${expected.length}): ` +
    `got ${excerpt(found)}, expected ${excerpt(expected)}`
  );
}
