import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Lifetime } from "./lifetime.js";
import type { SharedPool } from "./shared-pool.js";
import type { Visitors } from "./visitors.js";

interface Connection {
  readonly visitor: string | null;
  /** The request that is being answered, or null between two. */
  lifetime: Lifetime | null;
}

/**
 * Knows the open connections. When there are too many, in all or of one visitor, the oldest one that waits for a
 * request gives way. Every request gets a {@link Lifetime}, which ends with its connection at the latest.
 */
export class Connections {
  readonly #pool: SharedPool;
  readonly #visitors: Visitors;
  readonly #open = new Map<Socket, Connection>();
  /**
   * Those between two requests, or before the first, in the order in which they began to wait: of all, and by visitor.
   */
  readonly #waiting = new Set<Socket>();
  readonly #waitingOf = new Map<string | null, Set<Socket>>();

  constructor(pool: SharedPool, visitors: Visitors) {
    this.#pool = pool;
    this.#visitors = visitors;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Admits the connections of `server`, whose visitors must be known by then. To be called before it listens. */
  watch(server: Server): void {
    server.prependListener("connection", (socket: Socket) => this.#admit(socket));
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
      response.once("close", () => {
        connection.lifetime = null;
        if (this.#open.has(socket)) this.#wait(socket, connection);
      });
      listener(request, response);
    };
  }

  #admit(socket: Socket): void {
    const visitor = this.#visitors.ofSocket(socket);
    for (let refusal = this.#pool.take(visitor); refusal !== null; refusal = this.#pool.take(visitor)) {
      const [own] = this.#waitingOf.get(visitor) ?? [];
      const [oldest] = this.#waiting;
      const leaving = own ?? (refusal === "full" ? oldest : undefined);
      if (leaving === undefined) return void socket.destroy();
      this.#forget(leaving);
      leaving.destroy();
    }
    const connection = { visitor, lifetime: null };
    this.#open.set(socket, connection);
    this.#wait(socket, connection);
    socket.once("close", () => this.#forget(socket));
  }

  #wait(socket: Socket, { visitor }: Connection): void {
    this.#waiting.add(socket);
    const own = this.#waitingOf.get(visitor);
    if (own === undefined) this.#waitingOf.set(visitor, new Set([socket]));
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
  }
}
