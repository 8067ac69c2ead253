import type { Request, Response } from "express";
import type { Store } from "../store/index.js";
import type { ServerConfig } from "./config.js";
import type { Departure } from "./departure.js";
import { type Recipients, RecipientsError } from "./recipients.js";

export interface HealthParts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly recipients: Recipients;
  readonly departure: Departure;
  readonly now: () => Date;
}

/** `GET /healthz`: 200 when a submission can be taken, 503 with the reasons when not; warnings either way. */
export function health({
  config,
  store,
  recipients,
  departure,
  now,
}: HealthParts): (request: Request, response: Response) => Promise<void> {
  return async (_request, response) => {
    const reasons: string[] = departure.begun ? ["the portal is about to stop"] : [];
    const date = now();
    try {
      recipients.at(date);
    } catch (cause) {
      reasons.push(cause instanceof RecipientsError ? "a recipient's certificate has expired" : "recipients unusable");
    }
    try {
      const free = await store.free();
      if (free !== null && free < config.minFree) reasons.push("the store is out of space");
    } catch {
      reasons.push("the store does not answer");
    }
    response
      .status(reasons.length === 0 ? 200 : 503)
      .json({ status: reasons.length === 0 ? "ok" : "unavailable", reasons, warnings: recipients.warnings(date) });
  };
}
