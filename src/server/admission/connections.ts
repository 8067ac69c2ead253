import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { HeldConnections } from "./held-connections.js";
import { Lifetime } from "./lifetime.js";
import type { SharedPool } from "./shared-pool.js";
import { Turns } from "./turns.js";
import type { Visitors } from "./visitors.js";

interface Connection {
  readonly visitor: string | null;
  /** Of the request that is being answered; null between two. */
  lifetime: Lifetime | null;
  /** When it began to wait for a request, by performance.now(). */
  idleSince: number;
}

/** What Node keeps at `socket.parser`. */
interface RequestParser {
  /** Called at the end of each head. A return value of 2 makes the parser stop there. */
  onIncoming?: (request: IncomingMessage, keepAlive: boolean) => number;
}

const STOP_PARSING = 2;
/** A connection may wait so long for a request before another one may take its place. */
const GRACE_MS = 2_000;

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
  readonly #held: HeldConnections;

  constructor(pool: SharedPool, visitors: Visitors) {
    this.#pool = pool;
    this.#visitors = visitors;
    this.#held = new HeldConnections(
      (visitor) => this.#take(visitor),
      (socket, visitor, begin) => this.#begin(socket, visitor, begin),
    );
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
        stopAtSecondRequest(socket, () => (this.#open.get(socket)?.lifetime ?? null) !== null);
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
    this.turns.connected();
    const visitor = this.#visitors.ofSocket(socket);
    if (this.#take(visitor)) this.#begin(socket, visitor, begin);
    else this.#held.hold(socket, visitor, begin);
  }

  /** Whether there is a place for one more of `visitor`, which it then has. */
  #take(visitor: string | null): boolean {
    const refusal = this.#pool.take(visitor);
    return refusal === null || this.#makeRoom(visitor, refusal === "full");
  }

  #begin(socket: Socket, visitor: string | null, begin: () => void): void {
    const connection = { visitor, lifetime: null, idleSince: performance.now() };
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
    this.#held.releaseSoon();
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

/**
 * Closes `socket` at the head of a request that comes while another is being answered. The parser would otherwise make
 * all requests of a pipeline at once, thousands in one chunk, before the second can be refused. Where Node has no such
 * hook they cost more time, and are refused all the same.
 */
function stopAtSecondRequest(socket: Socket, isAnswering: () => boolean): void {
  const { parser } = socket as Socket & { readonly parser?: RequestParser };
  const onIncoming = parser?.onIncoming;
  if (parser === undefined || onIncoming === undefined) return;
  parser.onIncoming = (request, keepAlive) => {
    if (!isAnswering()) return onIncoming(request, keepAlive);
    socket.destroy();
    return STOP_PARSING;
  };
}
