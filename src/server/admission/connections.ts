import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Lifetime } from "./lifetime.js";
import type { SharedPool } from "./shared-pool.js";
import { Turns } from "./turns.js";
import type { Visitors } from "./visitors.js";

interface Connection {
  readonly visitor: string | null;
  /** Of the request that is being answered; null between two. */
  lifetime: Lifetime | null;
  request: IncomingMessage | null;
  /** When it began to wait for a request, by performance.now(). */
  idleSince: number;
}

/** A connection over its visitor's share, of which nothing is read until another one closes. */
interface Held {
  readonly visitor: string | null;
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
}

/** More than most heads have. */
const SLICE_BYTES = 2 * 1024;
/** A connection may wait so long for a request before another one may take its place. */
const GRACE_MS = 2_000;
/** A connection over its visitor's share is closed after this time: at once it would only come again at once. */
const HOLD_MS = 10_000;
/** How often those that are held are looked at, although none has closed: one may have waited for too long by then. */
const LOOK_MS = 500;
const MAX_HELD = 4_000;

/**
 * Knows the open connections. When there are too many, in all or of one visitor, the oldest one that waits for a
 * request gives way. Every request gets a {@link Lifetime}, which ends with its connection at the latest.
 */
export class Connections {
  /** Of requests to be answered. */
  readonly turns = new Turns();
  readonly #pool: SharedPool;
  readonly #visitors: Visitors;
  readonly #open = new Map<Socket, Connection>();
  /** Those between two requests, or before the first, in the order in which they began to wait. */
  readonly #waiting = new Set<Socket>();
  readonly #waitingOf = new Map<string | null, Set<Socket>>();
  readonly #held = new Map<Socket, Held>();
  #looking: NodeJS.Timeout | null = null;
  #scheduled = false;

  constructor(pool: SharedPool, visitors: Visitors) {
    this.#pool = pool;
    this.#visitors = visitors;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Connections of which nothing is read yet. */
  get held(): number {
    return this.#held.size;
  }

  /** Admits the connections of `server`, whose visitors must be known by then. To be called before it listens. */
  watch(server: Server): void {
    const listeners = server.listeners("connection");
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => {
      this.#admit(socket, () => {
        for (const listener of listeners) listener.call(server, socket);
        this.#slice(socket);
      });
    });
  }

  /** Gives each request its lifetime. No browser pipelines: a client that does is cut off. */
  serve(listener: RequestListener): RequestListener {
    return (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      const connection = this.#open.get(socket);
      // The parser may have read more before the connection was cut off.
      if (connection === undefined || socket.destroyed) return;
      if (connection.lifetime !== null) return void socket.destroy();
      this.#endWait(socket, connection);
      connection.lifetime = Lifetime.begin(request, response);
      closeOnFault(request);
      connection.request = request;
      response.once("close", () => {
        connection.lifetime = null;
        if (this.#open.has(socket)) this.#wait(socket, connection);
      });
      this.turns.begin(this.#visitors.of(request), () => {
        if (!socket.destroyed) listener(request, response);
      });
    };
  }

  #admit(socket: Socket, begin: () => void): void {
    const visitor = this.#visitors.ofSocket(socket);
    if (this.#take(visitor)) this.#begin(socket, visitor, begin);
    else this.#hold(socket, visitor, begin);
  }

  /** Whether there is a place for one more of `visitor`, which it then has. */
  #take(visitor: string | null): boolean {
    const refusal = this.#pool.take(visitor);
    return refusal === null || this.#makeRoom(visitor, refusal === "full");
  }

  #begin(socket: Socket, visitor: string | null, begin: () => void): void {
    const connection = { visitor, lifetime: null, request: null, idleSince: performance.now() };
    this.#open.set(socket, connection);
    this.#wait(socket, connection);
    socket.once("close", () => this.#forget(socket));
    begin();
  }

  /** Closes one that waits, of `visitor` or of anybody, and takes its place. Returns whether there was one. */
  #makeRoom(visitor: string | null, ofAnybody: boolean): boolean {
    const [own] = this.#waitingOf.get(visitor) ?? [];
    const [oldest] = this.#waiting;
    const leaving = own ?? (ofAnybody ? oldest : undefined);
    const idleSince = leaving === undefined ? undefined : this.#open.get(leaving)?.idleSince;
    if (leaving === undefined || idleSince === undefined || performance.now() - idleSince < GRACE_MS) return false;
    this.#forget(leaving);
    leaving.destroy();
    return this.#pool.take(visitor) === null;
  }

  #hold(socket: Socket, visitor: string | null, begin: () => void): void {
    if (this.#held.size >= MAX_HELD) return void socket.destroy();
    socket.on("error", () => undefined);
    const timer = setTimeout(() => socket.destroy(), HOLD_MS);
    this.#held.set(socket, { visitor, begin, timer });
    this.#looking ??= setInterval(() => this.#release(), LOOK_MS).unref();
    socket.once("close", () => this.#letGo(socket, timer));
  }

  #letGo(socket: Socket, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#held.delete(socket);
    if (this.#held.size > 0 || this.#looking === null) return;
    clearInterval(this.#looking);
    this.#looking = null;
  }

  /** Begins with those that were held, as far as there is a place for them now. */
  #release(): void {
    const refused = new Set<string | null>();
    for (const [socket, { visitor, begin, timer }] of this.#held) {
      if (socket.destroyed || refused.has(visitor)) continue;
      if (this.#take(visitor)) {
        this.#letGo(socket, timer);
        this.#begin(socket, visitor, begin);
      } else refused.add(visitor);
    }
  }

  /** Once for all places that become free in this iteration. */
  #releaseSoon(): void {
    if (this.#scheduled || this.#held.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#release();
    });
  }

  /**
   * Between two requests the parser gets what comes in small slices: it would otherwise make all requests of a pipeline
   * at once, hundreds in one chunk, before the second can be refused.
   */
  #slice(socket: Socket): void {
    const [parse] = socket.listeners("data");
    const connection = this.#open.get(socket);
    if (parse === undefined || connection === undefined) return;
    socket.removeListener("data", parse as () => void);
    socket.on("data", (chunk: Buffer) => {
      for (let at = 0; at < chunk.length && !socket.destroyed; ) {
        const body = connection.lifetime !== null && connection.request?.complete === false;
        const end = body ? chunk.length : at + SLICE_BYTES;
        parse.call(socket, chunk.subarray(at, end));
        at = end;
      }
    });
  }

  #wait(socket: Socket, connection: Connection): void {
    connection.idleSince = performance.now();
    this.#waiting.add(socket);
    const own = this.#waitingOf.get(connection.visitor);
    if (own === undefined) this.#waitingOf.set(connection.visitor, new Set([socket]));
    else own.add(socket);
  }

  #endWait(socket: Socket, { visitor }: Connection): void {
    this.#waiting.delete(socket);
    const own = this.#waitingOf.get(visitor);
    own?.delete(socket);
    if (own?.size === 0) this.#waitingOf.delete(visitor);
  }

  #forget(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    this.#open.delete(socket);
    this.#endWait(socket, connection);
    this.#pool.give(connection.visitor);
    connection.lifetime?.close();
    this.#releaseSoon();
  }
}

/**
 * Closes the connection of a request of which a listener throws. Node would stop reading from it: neither its end nor
 * its client's would be noticed, and what it holds would be held until the socket's timeout.
 */
function closeOnFault(request: IncomingMessage): void {
  const emit = request.emit.bind(request);
  request.emit = (...event: Parameters<typeof emit>) => {
    try {
      return emit(...event);
    } catch (cause) {
      request.socket.destroy();
      throw cause;
    }
  };
}
