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

/** The same text in one, for where long connections get through. */
export function textInOne(text: string): TextPiece & { readonly digest: string } {
  const contents = Buffer.from(text);
  const digest = createHash("sha256").update(contents).digest("hex");
  return { path: pathOf(digest), contents, digest };
}

function pathOf(digest: string): string {
  return `/build/text-${digest.slice(0, 16)}.txt`;
}

/** Cuts `text` into as few pieces as fit. Joined again, they are the same bytes. */
export function cutText(text: string): TextPieces {
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
  while (over - fits > 1) {
    const length = (fits + over) >> 1;
    if (gzipSync(bytes.subarray(0, length), { level: 9 }).length <= MAX_PIECE_BYTES) fits = length;
    else over = length;
  }
  return fits;
}
