/** A contiguous part of an upload, stored as one object. */
export interface Piece {
  readonly key: string;
  /** Position of its first byte in the upload. */
  readonly offset: number;
  readonly length: number;
}

/** The bytes of a piece from byte `skip` on. */
export interface Portion {
  readonly piece: Piece;
  readonly skip: number;
}

/**
 * The portions that cover an upload from its beginning, up to the first gap. Pieces may overlap: a connection that
 * seemed dead may have delivered bytes that the client then sent again through another process. An honest client sent
 * the same bytes in both, so either may be used.
 */
export function cover(pieces: readonly Piece[]): { readonly portions: readonly Portion[]; readonly end: number } {
  const sorted = [...pieces].sort((left, right) => left.offset - right.offset || right.length - left.length);
  const portions: Portion[] = [];
  let end = 0;
  let farthest: Piece | null = null;
  for (const piece of sorted) {
    if (piece.offset > end) {
      // Pieces from here on leave a gap, unless an earlier piece reaches across it.
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
