import type { NextFunction, Request, Response } from "express";
import { compressFast, encodingFor } from "./encoding.js";

/**
 * Compresses every page that is sent as a string. That leaks nothing (BREACH) as long as no answer holds a secret that
 * its request did not bring: there are no cookies, and so nobody can have another person's secrets put beside a guess.
 */
export function compressPages(request: Request, response: Response, next: NextFunction): void {
  const send = response.send.bind(response);
  response.send = (body?: unknown) => {
    if (typeof body !== "string" || !isPage(response)) return send(body);
    const encoding = encodingFor(request);
    response.vary("Accept-Encoding").type("html");
    if (encoding === null) return send(body);
    compressFast(Buffer.from(body), encoding).then((bytes) => {
      response.setHeader("Content-Encoding", encoding);
      send(bytes);
    }, next);
    return response;
  };
  next();
}

/** Express takes a string for HTML unless told. */
function isPage(response: Response): boolean {
  return /^text\/html\b/.test(String(response.get("Content-Type") ?? "text/html"));
}
