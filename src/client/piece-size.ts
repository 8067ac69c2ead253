const KIB = 1024;
/**
 * With handshake, headers, answer and end it is 19 to 22 packets, each acknowledged singly: many networks silence a
 * connection after 25.
 */
const FIRST_BYTES = 3 * KIB;
const SMALLEST_BYTES = KIB;
const LARGEST_BYTES = 8 * KIB * KIB;
/** Target time per piece: progress stays visible, and a broken connection loses little. */
const PIECE_TIME_MS = 2_000;
/** A piece that takes longer is given up. */
const STALL_MS = 5_000;
/** What the smallest piece may take in the end: a line may be slow instead of cut. */
const MAX_STALL_MS = 90_000;
/** No connection that is silenced brings so much. */
const PROOF_BYTES = 24 * KIB;
/** Shows whether the line still cuts connections short. */
const PROBE_BYTES = 32 * KIB;
/**
 * Time for which small pieces must pass before a probe; doubled after each that stalls. What has stalled counts for
 * minutes as an open connection, and a few of those make some networks swallow every new one.
 */
const FIRST_PROBE_MS = 300_000;
/** Pieces in a row that must pass before a larger one is tried after a small one stalled; doubled after failures. */
const FIRST_STREAK = 4;
const CAREFUL_GROWTH = 1.25;
/** What is left must take so long that larger pieces save more than trying them may cost. */
const WORTH_MS = 60_000;

/** Finds the size of pieces that passes, and is fast where the line is good. */
export class PieceSize {
  #bytes = FIRST_BYTES;
  #limitMs = STALL_MS;
  #narrow: boolean;
  /** A size that stalled: nothing so large is tried again while the line is narrow. */
  #ceiling = Number.POSITIVE_INFINITY;
  #streak = 0;
  #neededStreak = FIRST_STREAK;
  /** How long pieces have passed since the last stall. */
  #passingMs = 0;
  #probeAfterMs = FIRST_PROBE_MS;
  /** Whether a piece has passed that no silenced connection brings, and none has stalled twice since. */
  #proved = false;
  #stallsInARow = 0;

  /** @param narrow whether the network is known to cut connections short */
  constructor(narrow: boolean) {
    this.#narrow = narrow;
  }

  /** Whether only small pieces pass, as far as is known. */
  get narrow(): boolean {
    return this.#narrow;
  }

  /** The size of the next piece. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Milliseconds after which a piece is given up. */
  get limitMs(): number {
    return this.#limitMs;
  }

  /**
   * A piece has been acknowledged.
   * @param leftBytes how much of the upload is left, as far as is known
   */
  passed(bytes: number, milliseconds: number, leftBytes: number): void {
    this.#stallsInARow = 0;
    this.#limitMs = Math.min(MAX_STALL_MS, Math.max(STALL_MS, 1.5 * milliseconds));
    if (bytes >= PROOF_BYTES) this.#prove();
    if (this.#narrow) this.#growCarefully(bytes, milliseconds, leftBytes);
    else this.#grow(bytes, milliseconds);
  }

  /** A piece was given up although the server can be reached. Of it `acknowledged` bytes have arrived all the same. */
  stalled(bytes: number, acknowledged: number): void {
    this.#streak = 0;
    this.#passingMs = 0;
    this.#stallsInARow += 1;
    if (acknowledged >= PROOF_BYTES) {
      this.#bytes = fitting(acknowledged);
    } else if (this.#proved && this.#stallsInARow < 2) {
      this.#bytes = Math.max(FIRST_BYTES, fitting(bytes / 4));
    } else {
      this.#shrink(bytes);
      if (bytes <= SMALLEST_BYTES) this.#limitMs = Math.min(MAX_STALL_MS, 2 * this.#limitMs);
    }
  }

  #prove(): void {
    this.#proved = true;
    this.#narrow = false;
    this.#ceiling = Number.POSITIVE_INFINITY;
  }

  #shrink(bytes: number): void {
    this.#proved = false;
    if (this.#narrow && bytes > FIRST_BYTES) this.#probeAfterMs *= 2;
    else if (this.#narrow) this.#neededStreak *= 2;
    this.#narrow = true;
    this.#ceiling = Math.min(this.#ceiling, bytes);
    this.#bytes = bytes > FIRST_BYTES ? FIRST_BYTES : fitting(bytes / 2);
  }

  #grow(bytes: number, milliseconds: number): void {
    const inTime = (bytes / Math.max(1, milliseconds)) * PIECE_TIME_MS;
    // At most doubled, so that after one fast piece the next does not take minutes; the first says whether more passes.
    const most = (this.#proved ? 2 : 8) * bytes;
    this.#bytes = Math.max(FIRST_BYTES, fitting(Math.min(inTime, most)));
  }

  #growCarefully(bytes: number, milliseconds: number, leftBytes: number): void {
    // The last piece of an upload may be smaller.
    if (bytes < this.#bytes) return;
    this.#streak += 1;
    this.#passingMs += milliseconds;
    const worth = (leftBytes / bytes) * milliseconds >= WORTH_MS;
    if (bytes < FIRST_BYTES) {
      const larger = Math.min(FIRST_BYTES, Math.round(this.#bytes * CAREFUL_GROWTH));
      if (!worth || larger >= this.#ceiling || this.#streak < this.#neededStreak) return;
      this.#bytes = larger;
    } else {
      if (!worth || this.#passingMs < this.#probeAfterMs) return;
      this.#bytes = PROBE_BYTES;
    }
    this.#streak = 0;
    this.#passingMs = 0;
  }
}

function fitting(bytes: number): number {
  return Math.round(Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, bytes)));
}
