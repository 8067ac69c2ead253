/** A run of an upload's bytes that lies in an object of its own. */
export interface Piece {
  readonly key: string;
  /** Where its first byte stands in the upload. */
  readonly offset: number;
  readonly length: number;
}

/** What is taken of a piece: all from its byte `skip` on. */
export interface Portion {
  readonly piece: Piece;
  readonly skip: number;
}

/**
 * The pieces that make up an upload from its beginning as far as they go without a gap. Pieces may overlap: a connection that
 * was taken for dead may have brought what its client then sent once more through another process. Whichever is taken of
 * two that overlap, an honest client sent the same bytes in both.
 */
export function cover(pieces: readonly Piece[]): { readonly portions: readonly Portion[]; readonly end: number } {
  const sorted = [...pieces].sort((left, right) => left.offset - right.offset || right.length - left.length);
  const portions: Portion[] = [];
  let end = 0;
  let farthest: Piece | null = null;
  for (const piece of sorted) {
    if (piece.offset > end) {
      // Nothing that begins here closes the gap; what began before may reach over it.
      end = take(farthest);
      farthest = null;
      if (piece.offset > end) break;
    }
    if (endOf(piece) > end && (farthest === null || endOf(piece) > endOf(farthest))) farthest = piece;
  }
  end = take(farthest);
  return { portions, end };

  function take(piece: Piece | null): number {
    if (piece === null) return end;
    portions.push({ piece, skip: end - piece.offset });
    return endOf(piece);
  }
}

function endOf({ offset, length }: Piece): number {
  return offset + length;
}
