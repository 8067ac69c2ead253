import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Some text in pieces, each of which passes where a connection is silenced after some 25 packets. */
export interface TextPieces {
  readonly pieces: readonly TextPiece[];
  /** SHA-256 of each piece, in hex: so the pages name them. */
  readonly digests: readonly string[];
}

export interface TextPiece {
  readonly path: string;
  readonly contents: Buffer;
}

/** Compressed. As long as the parts of scripts: with all around it, a piece is 24 packets at most. */
const MAX_PIECE_BYTES = 2_900;
/** What that is before, where to begin to look. */
const USUAL_BYTES = 8 * 1024;
/** How much shorter than it could be a piece may be. */
const NEAR_BYTES = 16;

/** The same text in one, for where long connections get through. */
export function textInOne(text: string): TextPiece & { readonly digest: string } {
  const contents = Buffer.from(text);
  const digest = createHash("sha256").update(contents).digest("hex");
  return { path: pathOf(digest), contents, digest };
}

function pathOf(digest: string): string {
  return `/build/text-${digest.slice(0, 16)}.txt`;
}

/** What was cut lately: the words of a page stay the same when the keys change. */
const cut = new Map<string, TextPieces>();
const MAX_REMEMBERED = 64;

/** Cuts `text` into as few pieces as fit. Joined again, they are the same bytes. */
export function cutText(text: string): TextPieces {
  const known = cut.get(text) ?? cutAnew(text);
  // What was asked for last goes last.
  cut.delete(text);
  cut.set(text, known);
  for (const [oldest] of cut) if (cut.size > MAX_REMEMBERED) cut.delete(oldest);
  return known;
}

function cutAnew(text: string): TextPieces {
  const pieces: TextPiece[] = [];
  const digests: string[] = [];
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    const contents = rest.subarray(0, longestPiece(rest));
    const digest = createHash("sha256").update(contents).digest("hex");
    pieces.push({ path: pathOf(digest), contents });
    digests.push(digest);
    rest = rest.subarray(contents.length);
  }
  return { pieces, digests };
}

function longestPiece(bytes: Buffer): number {
  let fits = 1;
  let over = bytes.length + 1;
  let length = Math.min(bytes.length, USUAL_BYTES);
  for (let halve = false; over - fits > (over > bytes.length ? 1 : NEAR_BYTES); halve = !halve) {
    const compressed = gzipSync(bytes.subarray(0, length), { level: 9 }).length;
    if (compressed <= MAX_PIECE_BYTES) fits = length;
    else over = length;
    // What is like the text before it is compressed as much; halving brings it to an end where it is not.
    const alike = Math.round((length * MAX_PIECE_BYTES) / compressed);
    length = halve ? (fits + over) >> 1 : Math.min(over - 1, Math.max(fits + 1, alike));
  }
  return fits;
}
