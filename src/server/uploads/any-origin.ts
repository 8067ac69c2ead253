import type { NextFunction, Request, Response } from "express";

const ASKED = [
  "content-type",
  "postern-proof",
  "tus-resumable",
  "upload-defer-length",
  "upload-length",
  "upload-offset",
];
const ANSWERED = ["location", "postern-blocks-sha256", "postern-signature", "tus-resumable", "upload-offset"];

/** Two hours is as long as any browser remembers it. */
const PREFLIGHT: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Headers": [...ASKED, "x-http-method-override"].join(", "),
  "Access-Control-Allow-Methods": "HEAD, POST, PATCH",
  "Access-Control-Max-Age": "7200",
};

/**
 * Lets any page ask, the offline form in a file among them, whose origin is `null`. Nothing here belongs to a visitor:
 * there are no cookies, and what is sent is ciphertext that anybody may send.
 */
export function anyOrigin(request: Request, response: Response, next: NextFunction): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Expose-Headers", ANSWERED.join(", "));
  const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  if (isPreflight) response.writeHead(204, PREFLIGHT).end();
  else next();
}
