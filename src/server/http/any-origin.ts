import type { RequestHandler } from "express";

export interface AnyOriginParts {
  /** What a page may ask by, and the headers that it may send and see. */
  readonly methods: string;
  readonly asked: readonly string[];
  readonly answered: readonly string[];
}

/**
 * Lets any page ask, the offline form in a file among them, whose origin is `null`. Only for what belongs to no
 * visitor: there are no cookies, and what is sent is ciphertext that anybody may send.
 */
export function anyOrigin({ methods, asked, answered }: AnyOriginParts): RequestHandler {
  const preflight: Readonly<Record<string, string>> = {
    "Access-Control-Allow-Headers": asked.join(", "),
    "Access-Control-Allow-Methods": methods,
    // Two hours is as long as any browser remembers it.
    "Access-Control-Max-Age": "7200",
  };
  return (request, response, next) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", answered.join(", "));
    const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
    if (isPreflight) response.writeHead(204, preflight).end();
    else next();
  };
}
