import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { NextFunction, Request, RequestHandler, Response } from "express";
import { FIRST_STYLE, strictHeaders } from "../../http/index.js";

const SELF = ["'self'"];
const NONE = ["'none'"];
/** The client's Trusted Types policy, which lets it run the scripts of its own build and nothing else. */
const POLICY = ["postern"];

/**
 * What an answer is used for, which decides what it may do: a page or file by itself; the page that runs the client; a
 * page that takes a file which is encrypted already; the client's worker; the script that runs the worker's parts; a
 * page inside one of our frames; such a page that holds frames itself.
 */
export type Role = "alone" | "client" | "forward" | "worker" | "entry" | "framed" | "frames";

/** Pages that the whole client runs in do not wait for their stylesheet. */
const STYLES = [...SELF, FIRST_STYLE.source];

/** Directives beyond those of every answer. */
const POLICIES: Readonly<Record<Role, Readonly<Record<string, readonly string[]>>>> = {
  alone: {},
  // The client alone sends, and what it has encrypted: not even our own forms can be sent by the browser itself.
  client: {
    styleSrc: STYLES,
    scriptSrc: SELF,
    workerSrc: SELF,
    connectSrc: SELF,
    frameSrc: SELF,
    formAction: NONE,
    trustedTypes: POLICY,
  },
  forward: { scriptSrc: SELF, connectSrc: SELF, trustedTypes: POLICY },
  worker: { connectSrc: SELF },
  entry: { connectSrc: SELF, scriptSrc: SELF, trustedTypes: POLICY },
  framed: { frameAncestors: SELF },
  frames: { frameAncestors: SELF, frameSrc: SELF },
};

/**
 * What browsers ignore outside a page or a worker, and half of what a short answer has: on some networks a connection
 * carries 25 packets.
 */
const OF_PAGES = [
  "Cross-Origin-Embedder-Policy",
  "Cross-Origin-Opener-Policy",
  "Origin-Agent-Cluster",
  "Permissions-Policy",
  "X-DNS-Prefetch-Control",
];

/** Takes back what only a page or a worker needs, of an answer that is neither. */
export function asData(_request: Request, response: Response, next: NextFunction): void {
  for (const name of OF_PAGES) response.removeHeader(name);
  next();
}

/** The security headers of an answer to submitters. */
export function securityHeaders(role: Role): RequestHandler[] {
  const framed = role === "framed" || role === "frames";
  return strictHeaders({ directives: POLICIES[role], framed, referrer: "no-referrer" });
}

/** The same headers as a table, names in lower case: what has to arrive whoever stands in front. */
export function headersOf(role: Role): Readonly<Record<string, string>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  for (const handler of securityHeaders(role)) {
    // These look at no request, and only set headers.
    handler(request as Request, response as Response, () => undefined);
  }
  return Object.fromEntries(Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]));
}
