import type { HttpResponse } from "../http-client/index.js";
import { type CheckResult, warning } from "./check.js";

/** What to do about each. */
export interface LastingFixes {
  readonly staysOpen: string;
  readonly offered: string;
}

/**
 * Many networks in Russia silence a connection after some 25 packets: each answer must have one for itself.
 * @param answer to a request that, as a browser's, would keep the connection
 * @param protocol that TLS agreed on, as a browser offers them; null where it was not asked
 */
export function lastingConnections(
  name: string,
  { headers }: Pick<HttpResponse, "headers">,
  protocol: string | null,
  { staysOpen, offered }: LastingFixes,
): CheckResult[] {
  return [
    ...(headers.connection === "close" ? [] : [warning(`${name}: connections stay open after an answer`, staysOpen)]),
    ...(/\bh3/.test(headers["alt-svc"] ?? "") ? [warning(`${name}: HTTP/3 is offered`, offered)] : []),
    ...(protocol === "h2" ? [warning(`${name}: HTTP/2 is offered`, offered)] : []),
  ];
}
