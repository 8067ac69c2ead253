import type { NextFunction, Request, Response } from "express";

/** The requests that a browser may be kept from sending. */
const OVERRIDING = "PATCH";

/**
 * Takes a POST that names PATCH for what it stands for (tus 1.0.0, X-HTTP-Method-Override): some networks let no other
 * method through. To be called before anything looks at the method.
 */
export function overrideMethod(request: Request, _response: Response, next: NextFunction): void {
  const { method, path, headers } = request;
  if (method === "POST" && path.startsWith("/uploads/") && headers["x-http-method-override"] === OVERRIDING) {
    request.method = OVERRIDING;
  }
  next();
}
