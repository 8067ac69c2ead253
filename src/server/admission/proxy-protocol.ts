import type { Server } from "node:http";
import type { Socket } from "node:net";

/** "PROXY protocol" 1, section 2.1: the longest line there is, its end included. */
const LONGEST_LINE = 107;
const LINE = /^PROXY (?:UNKNOWN\b.*|TCP[46] ([0-9a-f.:]+) [0-9a-f.:]+ \d{1,5} \d{1,5})$/i;
const LINE_TIMEOUT_MS = 10_000;
/** Connections that have not sent their line yet. A proxy of ours sends it at once. */
const MAX_PENDING = 1_000;

/**
 * Reads the line that Tor (`HiddenServiceExportCircuitID haproxy`) or a proxy puts before everything else on a
 * connection. A connection without one is closed: it has not come through the proxy.
 */
export class ProxyProtocol {
  readonly #sources = new WeakMap<Socket, string>();
  #pending = 0;

  get pending(): number {
    return this.#pending;
  }

  /** Where `socket` comes from as its line says; undefined if that does not say. */
  source(socket: Socket): string | undefined {
    return this.#sources.get(socket);
  }

  /** Has every connection of `server` begin with such a line. To be called before it listens. */
  expectAt(server: Server): void {
    const begin = server.listeners("connection");
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => {
      this.#readLine(socket, () => {
        for (const listener of begin) listener.call(server, socket);
      });
    });
  }

  #readLine(socket: Socket, done: () => void): void {
    if (this.#pending >= MAX_PENDING) return void socket.destroy();
    this.#pending += 1;
    let head = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(), LINE_TIMEOUT_MS);
    const stop = () => {
      this.#pending -= 1;
      clearTimeout(timer);
      socket.off("readable", read).off("error", ignore).off("close", stop);
    };
    const read = () => {
      for (let bytes: Buffer | null = socket.read(); bytes !== null; bytes = socket.read()) {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf("\r\n");
        if (end < 0 && head.length < LONGEST_LINE) continue;
        const line = LINE.exec(head.subarray(0, Math.max(0, end)).toString("latin1"));
        stop();
        if (line === null || end + 2 > LONGEST_LINE) return void socket.destroy();
        if (line[1] !== undefined) this.#sources.set(socket, line[1]);
        const rest = head.subarray(end + 2);
        if (rest.length > 0) socket.unshift(rest);
        return done();
      }
    };
    const ignore = () => undefined;
    socket.on("readable", read).on("error", ignore).on("close", stop);
  }
}
