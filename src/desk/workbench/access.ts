import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Header in which the page gives its token. */
export const TOKEN_HEADER = "postern-token";

/**
 * Who may use the workbench: one browser, which came by an address that only the machine's user has seen. The page
 * exchanges the address's token for one of its own, once.
 */
export class Access {
  readonly #port: () => number;
  #start: string | null = null;
  #session: string | null = null;

  /** @param port at which the server listens */
  constructor(port: () => number) {
    this.#port = port;
  }

  /** A token for a new address. The browser of an earlier one is kept out from then on. */
  newStart(): string {
    this.#session = null;
    this.#start = randomToken();
    return this.#start;
  }

  /** Exchanges the token of an address. Null if it is wrong, or another browser has used it. */
  claim(token: string): string | null {
    if (!isEqual(this.#start, token)) return null;
    this.#start = null;
    this.#session = randomToken();
    return this.#session;
  }

  /** Whether the request comes from the page of this workbench in the browser that has claimed it. */
  admits(request: IncomingMessage): boolean {
    const given = request.headers[TOKEN_HEADER];
    return this.isOurs(request) && isEqual(this.#session, typeof given === "string" ? given : "");
  }

  /** Whether the request was made to this machine by its name, and by no other page: DNS may lead a name to it. */
  isOurs({ headers, method }: IncomingMessage): boolean {
    const host = `127.0.0.1:${this.#port()}`;
    if (headers.host !== host) return false;
    const { origin } = headers;
    if (origin === undefined ? method !== "GET" : origin !== `http://${host}`) return false;
    const site = headers["sec-fetch-site"];
    return site === undefined || site === "same-origin" || headers["sec-fetch-mode"] === "navigate";
  }
}

function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** In a time that says nothing of either; their digests have one length. */
function isEqual(known: string | null, given: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return known !== null && timingSafeEqual(digest(known), digest(given));
}
