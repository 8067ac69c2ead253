/** Our programs never compress. GnuPG does unless told not to: padding shrinks to a few hundred bytes. */
const MAX_GROWTH = 10;
const ALWAYS_ALLOWED_BYTES = 1024 ** 2;

/** How many bytes the contents of a message of `messageBytes` may have: one megabyte must not fill a disk. */
export function maxContentBytes(messageBytes: number): number {
  return Math.max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH * messageBytes);
}

/** What to say of a message whose contents are larger. */
export const TOO_COMPRESSED =
  `the contents are over ${MAX_GROWTH} times as large as the file, which was compressed; ` +
  "if you trust its sender, ask for it uncompressed (gpg --compress-algo none)";
