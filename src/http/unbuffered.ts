import type { NextFunction, Request, Response } from "express";

/** Without this header, nginx writes an answer to its disk where its reader is slow. An answer may hold a letter. */
export function unbuffered(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader("X-Accel-Buffering", "no");
  next();
}
