import type { Request } from "express";

/**
 * Whether another site's page asks. A browser says where a request comes from; other programs say nothing and may ask.
 */
export function isForeign(request: Request): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin, host } = request.headers;
  return origin !== undefined && origin !== "null" && origin.replace(/^https?:\/\//, "") !== host;
}
