import type { Socket } from "node:net";

interface Held {
  readonly visitor: string | null;
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A connection over its visitor's share is closed after this time: at once it would only come again at once. */
const HOLD_MS = 10_000;
/** How often those that are held are looked at, although none has closed: one may have waited for too long by then. */
const LOOK_MS = 500;
const MAX_HELD = 4_000;

/** Connections over their visitor's share, of which nothing is read until there is a place. */
export class HeldConnections {
  readonly #held = new Map<Socket, Held>();
  readonly #take: (visitor: string | null) => boolean;
  readonly #admit: (socket: Socket, visitor: string | null, begin: () => void) => void;
  #looking: NodeJS.Timeout | null = null;
  #scheduled = false;

  /**
   * @param take takes a place for a visitor, if there is one
   * @param admit begins with a connection that has a place
   */
  constructor(
    take: (visitor: string | null) => boolean,
    admit: (socket: Socket, visitor: string | null, begin: () => void) => void,
  ) {
    this.#take = take;
    this.#admit = admit;
  }

  get size(): number {
    return this.#held.size;
  }

  hold(socket: Socket, visitor: string | null, begin: () => void): void {
    if (this.#held.size >= MAX_HELD) return void socket.destroy();
    socket.on("error", () => undefined);
    const timer = setTimeout(() => socket.destroy(), HOLD_MS);
    this.#held.set(socket, { visitor, begin, timer });
    this.#looking ??= setInterval(() => this.#release(), LOOK_MS).unref();
    socket.once("close", () => this.#letGo(socket, timer));
  }

  /** To be called when a place has become free; looks once for all that do in this iteration. */
  releaseSoon(): void {
    if (this.#scheduled || this.#held.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#release();
    });
  }

  /** Begins with those for which there is a place now. */
  #release(): void {
    const refused = new Set<string | null>();
    for (const [socket, { visitor, begin, timer }] of this.#held) {
      if (socket.destroyed || refused.has(visitor)) continue;
      if (this.#take(visitor)) {
        this.#letGo(socket, timer);
        this.#admit(socket, visitor, begin);
      } else refused.add(visitor);
    }
  }

  #letGo(socket: Socket, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#held.delete(socket);
    if (this.#held.size > 0 || this.#looking === null) return;
    clearInterval(this.#looking);
    this.#looking = null;
  }
}
