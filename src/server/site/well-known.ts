import type { Express, NextFunction, Request, Response } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { isOnion } from "../http/index.js";

/** Files by their name below `/.well-known/webcat/`. */
export type WellKnown = ReadonlyMap<string, Uint8Array>;

/**
 * Publishes what the operator has signed elsewhere and put in place: the pages at the two addresses differ, and so do
 * their manifests.
 */
export function publishWellKnown(app: Express, { wellKnown }: Context): void {
  if (wellKnown === null) return;
  const answers = wellKnown.map(
    (files) =>
      new Map(
        [...files].map(([name, contents]) => [
          name,
          staticAnswer(name.endsWith(".json") ? "application/json" : "text/plain", Buffer.from(contents)),
        ]),
      ),
  );
  app.get("/.well-known/webcat/:name", (request: Request, response: Response, next: NextFunction) => {
    const answer = answers[isOnion(request) ? 1 : 0]?.get(String(request.params.name));
    if (answer === undefined) next();
    else answer(request, response, next);
  });
}
