import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BOUNDARY } from "./raw-request.js";

/** An attack under way, and how to end it. */
export interface Attack {
  readonly stop: () => Promise<void>;
}

const FORM = `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\n`;
const TUS = "Tus-Resumable: 1.0.0\r\n";

/** How a portal is told who comes: by X-Forwarded-For, which all requests here have, or by a PROXY line as well. */
export type Told = "forwarded" | "proxy_protocol";

/** One of {@link ATTACKS} by `name`, at the portal at `url`. */
export interface AttackOrder {
  readonly name: string;
  readonly url: string;
  readonly who: string;
  readonly connections: number;
  readonly told?: Told;
}

/**
 * Attacks of one visitor, `who`, at the portal at `url`. Each goes on over `connections` connections until it is
 * stopped: what the portal closes is opened again.
 */
export const ATTACKS: Readonly<Record<string, (url: string, who: string, connections: number, told?: Told) => Attack>> =
  {
    "unfinished heads": repeatedly((who) => `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${who}\r\nX: `),
    "slow letters": repeatedly(
      (who) => `${post("/ru/submit", who)}${FORM}Content-Length: 1000000\r\n\r\n--${BOUNDARY}\r\n`,
    ),
    "slow encrypted files": repeatedly(
      (who) => `${post("/ru/encrypted", who)}${FORM}Content-Length: 1000000\r\n\r\n--${BOUNDARY}\r\n`,
    ),
    "long texts that never end": repeatedly(
      (who) =>
        `${post("/ru/submit", who)}${FORM}Content-Length: 3000000\r\n\r\n--${BOUNDARY}\r\n` +
        `Content-Disposition: form-data; name="message"\r\n\r\n${"x".repeat(900_000)}`,
    ),
    "pipelined pages, unread": repeatedly((who) => get("/ru/plain", who).repeat(500), "unread"),
    "dear pages": repeatedly((who) => get("/ru/plain", who), "again"),
    "the offline form, unread": repeatedly((who) => get("/offline/ru.html", who), "unread"),
    "unknown pages": repeatedly((who) => get("/ru/nothing/here", who), "again"),
    "empty uploads": repeatedly((who) => `${post("/uploads", who)}${TUS}Upload-Defer-Length: 1\r\n\r\n`, "again"),
    "questions for a mailbox": repeatedly((who) => get(`/mailbox/${"a".repeat(32)}`, who), "again"),
    "questions for a receipt code": repeatedly((who) => {
      const body = "receipt-code=1234+5678+9012+3456+7897";
      return `${post("/ru/replies", who)}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    }, "again"),
    challenges: repeatedly((who) => get("/challenge", who), "again"),
    "refused letters": repeatedly((who) => {
      const body = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="message"\r\n\r\n${"<&>".repeat(60_000)}\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="no"\r\n\r\nx\r\n--${BOUNDARY}--\r\n`;
      return `${post("/ru/submit", who)}${FORM}Content-Length: ${body.length}\r\n\r\n${body}`;
    }, "again"),
    letters: repeatedly((who) => {
      const body = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="message"\r\n\r\n${"x".repeat(2_000)}\r\n--${BOUNDARY}--\r\n`;
      return `${post("/ru/submit", who)}${FORM}Content-Length: ${body.length}\r\n\r\n${body}`;
    }, "again"),
    "progress pages": repeatedly((who) => get(`/progress/${"a".repeat(32)}`, who), "again"),
  };

/** What Tor or a proxy sends before everything else. */
export function proxyLine(who: string): string {
  return `PROXY TCP4 ${who} 127.0.0.1 4711 80\r\n`;
}

function post(path: string, who: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${who}\r\n`;
}

function get(path: string, who: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${who}\r\n\r\n`;
}

/** `again`: what is asked is asked again once it is answered. `unread`: no answer is read. */
function repeatedly(request: (who: string) => string, how: "once" | "again" | "unread" = "once") {
  return (url: string, who: string, connections: number, told: Told = "forwarded"): Attack => {
    const { hostname, port } = new URL(url);
    const bytes = Buffer.from(request(who));
    const open = new Set<Socket>();
    let stopped = false;
    const begin = () => {
      if (stopped) return;
      const socket = connect({ host: hostname, port: Number(port) });
      open.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        open.delete(socket);
        // Not at once: a portal that closes would only be asked in circles by this very process.
        setTimeout(begin, 100);
      });
      socket.once("connect", () => {
        if (told === "proxy_protocol") socket.write(proxyLine(who));
        socket.write(bytes);
      });
      if (how === "unread") socket.pause();
      else socket.on("data", () => how === "again" && socket.writableLength === 0 && socket.write(bytes));
    };
    for (let count = 0; count < connections; count += 1) begin();
    return {
      stop: async () => {
        stopped = true;
        const all = [...open];
        for (const socket of all) socket.destroy();
        await Promise.all(all.map((socket) => (socket.closed ? null : once(socket, "close").catch(() => null))));
      },
    };
  };
}
