import type { Request, RequestHandler } from "express";

/** Whether the page is asked for at an onion address. */
export function isOnion({ hostname }: Request): boolean {
  return hostname?.endsWith(".onion") ?? false;
}

/**
 * Whether somebody stands between an onion service and its visitor, and sees all that both say: a tor2web gateway says
 * so itself, or passes on the name that it is reached by.
 */
export function isThroughGateway(request: Request): boolean {
  return request.headers["x-tor2web"] !== undefined || /\.onion\./.test(request.hostname ?? "");
}

/** Names of what a page loads: of those, a browser does not ask where else they are. */
const PART_OF_PAGE = /\.(?:css|js|svg|txt)$/;

/** Tells Tor Browser, on pages of the clear net, where the onion service is. */
export function onionLocation(onion: string | null): RequestHandler {
  return (request, response, next) => {
    const asksForPage = request.method === "GET" && !PART_OF_PAGE.test(request.path);
    if (onion !== null && asksForPage && !isOnion(request) && !isThroughGateway(request)) {
      response.setHeader("Onion-Location", `http://${onion}${request.originalUrl}`);
    }
    next();
  };
}
