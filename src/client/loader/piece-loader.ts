import { backoffMs, waitForRetry } from "../backoff.js";
import { type FetchLimits, fetchPiece } from "./fetch-piece.js";
import { type Piece, PieceError } from "./piece.js";
import { Turns } from "./turns.js";

/** How far loading is, for the page to show. */
export interface LoadState {
  readonly loaded: number;
  /** Pieces that have been asked for. */
  readonly total: number;
  /** Whether this network cuts connections short, so that everything comes in small pieces. */
  readonly narrow: boolean;
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
}

/** More at one time make some networks swallow every new connection for a while. */
const MAX_CONNECTIONS = 2;
/** Where the network has let something long through. */
const MAX_TRUSTED_CONNECTIONS = 4;
/** Silence after which a connection counts as swallowed. */
const SILENCE_MS = 2_000;
const MAX_LIMIT_MS = 20_000;
/** A piece of a few KiB, once its answer has begun. */
const BODY_MS = 6_000;
/** No connection that is silenced brings so much of a script, which is a quarter as long on the wire. */
const PROOF_BYTES = 112 * 1024;
/** Some networks count a connection for so long whose end they have swallowed: while it is sent again and again. */
const LINGER_MS = 7_000;
/**
 * Connections of the page itself that may count when its script begins: its own and its script's, which are too long by
 * their ends.
 */
const PAGE_CONNECTIONS = 2;
/** An end takes one round trip. Of a server that answers at once, at least. */
const MIN_END_MS = 50;
const MAX_END_MS = 2_000;
/** What says that the network cuts connections short, or does not let them begin. */
const NARROW = new Set(["stalled", "unreachable"]);
/** The longest that a timer takes. */
const NO_LIMIT_MS = 2 ** 31 - 1;
const MAX_PAUSE_MS = 15_000;
/** Attempts after which a piece that is missing or changed is one: an upgrade or a cache may need a moment. */
const MAX_REFUSALS = 3;

/** Fetches pieces, at most two at a time, until each has arrived. */
export class PieceLoader {
  readonly #turns = new Turns(MAX_CONNECTIONS);
  readonly #beginMs: number;
  /** How long a connection counts after its answer has come. */
  readonly #endMs: number;
  readonly #tell: (state: LoadState) => void;
  #loaded = 0;
  #total = 0;
  #narrow = false;
  #failures = 0;
  /** Resolves when the next connection may be made, whichever piece it is for. */
  #rest: Promise<void> = Promise.resolve();
  #trusts = false;
  #decide: (trusts: boolean) => void = () => {};

  /** Resolves once it is known whether the network lets something long through. */
  readonly decided = new Promise<boolean>((resolve) => {
    this.#decide = resolve;
  });

  /** @param beginMs how long an answer of this server may take to begin, as far as is known */
  constructor(beginMs: number, tell: (state: LoadState) => void) {
    this.#beginMs = Math.min(MAX_LIMIT_MS, Math.max(SILENCE_MS, beginMs));
    this.#tell = tell;
    // A page begins after three round trips or four, and `beginMs` is twice that.
    this.#endMs = Math.min(MAX_END_MS, Math.max(MIN_END_MS, beginMs / 4));
    for (let each = 0; each < PAGE_CONNECTIONS; each += 1) this.#turns.linger(LINGER_MS);
  }

  get #mostConnections(): number {
    return this.#trusts ? MAX_TRUSTED_CONNECTIONS : MAX_CONNECTIONS;
  }

  get state(): LoadState {
    return { loaded: this.#loaded, total: this.#total, narrow: this.#narrow, failures: this.#failures };
  }

  /** From now on nothing larger than a piece is asked for. */
  becomeNarrow(): void {
    this.#narrow = true;
    this.#trust(false);
    this.#change();
  }

  /** Leaves so many connections to others from now on. Resolves once they may make them. */
  leaveRoom(connections: number): Promise<void> {
    return this.#narrow ? this.#turns.leaveRoom(connections) : Promise.resolve();
  }

  /**
   * The contents of all `pieces`, joined. Keeps trying while the network or the server does not answer.
   * @param attempts for each piece, where there is another way
   * @throws PieceError `missing` or `changed`; any, once these attempts have been in vain
   */
  async load(pieces: readonly Piece[], attempts = Number.POSITIVE_INFINITY): Promise<Blob> {
    this.#total += pieces.length;
    this.#change();
    return new Blob(await Promise.all(pieces.map((piece) => this.#persistently(piece, attempts))));
  }

  /**
   * Tries to fetch something larger on one connection, watching its bytes. Where they stop, everything comes in small
   * pieces from then on.
   * @throws PieceError at the first failure
   */
  async loadWhole(whole: Piece): Promise<Blob> {
    const limits = { beginMs: this.#beginMs, silenceMs: SILENCE_MS, totalMs: NO_LIMIT_MS };
    let begun = false;
    const prove = (bytes: number) => {
      begun = true;
      if (bytes >= PROOF_BYTES) this.#trust(true);
    };
    try {
      return new Blob([await this.#turns.take(() => this.#fetch(whole, limits, "default", prove))]);
    } catch (cause) {
      if (cause instanceof PieceError && NARROW.has(cause.code)) {
        this.becomeNarrow();
        if (!begun) this.#pause();
      }
      this.#decide(false);
      throw cause;
    }
  }

  async #persistently(piece: Piece, attempts: number): Promise<Uint8Array<ArrayBuffer>> {
    for (let attempt = 0, refusals = 0, cache: RequestCache = "default"; ; attempt += 1) {
      try {
        return await this.#turns.take(() => this.#attempt(piece, this.#limits(attempt), cache));
      } catch (cause) {
        if (!(cause instanceof PieceError)) throw cause;
        if (!isRefusal(cause)) {
          if (attempt + 1 < attempts) continue;
          this.#total -= 1;
          throw cause;
        }
        refusals += 1;
        if (refusals === MAX_REFUSALS) throw cause;
        if (cause.code === "changed") cache = "reload";
        await waitForRetry(backoffMs(refusals));
      }
    }
  }

  async #attempt(piece: Piece, limits: FetchLimits, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
    await this.#rest;
    try {
      const bytes = await this.#fetch(piece, limits, cache);
      this.#loaded += 1;
      this.#failures = 0;
      this.#turns.allow(this.#mostConnections);
      return bytes;
    } catch (cause) {
      if (!(cause instanceof PieceError) || isRefusal(cause)) throw cause;
      this.#pause();
      throw cause;
    } finally {
      this.#change();
    }
  }

  /** Where fresh connections are swallowed, each further one makes it last longer: one at a time, and none at once. */
  #pause(): void {
    this.#failures += 1;
    this.#turns.allow(1);
    this.#rest = waitForRetry(Math.min(MAX_PAUSE_MS, backoffMs(this.#failures)));
  }

  async #fetch(...[piece, ...options]: Parameters<typeof fetchPiece>): Promise<Uint8Array<ArrayBuffer>> {
    // After a failure a browser may have no session to resume, and a whole handshake makes any piece too long.
    let lingerMs = piece.long || this.#failures > 0 ? LINGER_MS : this.#endMs;
    try {
      return await fetchPiece(piece, ...options);
    } catch (cause) {
      if (cause instanceof PieceError && cause.code === "stalled") lingerMs = LINGER_MS;
      throw cause;
    } finally {
      this.#turns.linger(lingerMs);
    }
  }

  /** Each further attempt may take twice as long: a line may be slow instead of cut. */
  #limits(attempt: number): FetchLimits {
    const factor = 2 ** attempt;
    const longer = (ms: number) => Math.min(MAX_LIMIT_MS, ms * factor);
    return {
      beginMs: longer(this.#beginMs),
      silenceMs: longer(SILENCE_MS),
      totalMs: 2 * longer(this.#beginMs + BODY_MS),
    };
  }

  #trust(trusts: boolean): void {
    this.#decide(trusts);
    if (this.#trusts === trusts) return;
    this.#trusts = trusts;
    this.#turns.trust(trusts);
    this.#turns.allow(this.#mostConnections);
  }

  #change(): void {
    this.#tell(this.state);
  }
}

/** Whether the server has answered, and connections are good. */
function isRefusal({ code }: PieceError): boolean {
  return code === "missing" || code === "changed";
}
