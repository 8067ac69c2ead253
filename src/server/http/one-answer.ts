import type { NextFunction, Request, RequestHandler, Response } from "express";
import { isOnion } from "./onion.js";

/**
 * Ends each connection after one answer. Some networks silence a connection after some 25 packets: on a fresh one the
 * next request gets through. The onion service keeps its connections, since nobody on the way counts what is in them.
 */
export function oneAnswer(keepAlive: boolean): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!keepAlive && !isOnion(request)) endAfter(request, response);
    next();
  };
}

function endAfter(request: Request, response: Response): void {
  if (!bringsBody(request)) {
    response.setHeader("Connection", "close");
    return;
  }
  // Closed while its body is still coming, the connection would be reset, and the browser would show no answer.
  request.once("end", () => {
    if (!response.headersSent) response.setHeader("Connection", "close");
    else if (response.writableFinished) request.socket.destroySoon();
    else response.once("finish", () => request.socket.destroySoon());
  });
}

function bringsBody({ headers }: Request): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
