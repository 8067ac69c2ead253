import type { Request, Response } from "express";
import type { Gate, Shortage, Space } from "./admission/index.js";
import { type Recipients, RecipientsError } from "./recipients.js";
import type { Departure } from "./shutdown.js";

export interface HealthParts {
  readonly recipients: Recipients;
  readonly departure: Departure;
  readonly gate: Gate;
  readonly space: Space;
  readonly now: () => Date;
}

const SHORTAGES: Readonly<Record<NonNullable<Shortage>, string>> = {
  disk: "the store is out of space",
  store: "the store has reached POSTERN_MAX_STORE",
  incoming: "what is on its way has reached POSTERN_MAX_INCOMING",
};

/** `GET /healthz`: 200 when a submission can be taken, 503 with the reasons when not; warnings either way. */
export function health({
  recipients,
  departure,
  gate,
  space,
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
      const shortage = await space.shortage(0);
      if (shortage !== null) reasons.push(SHORTAGES[shortage]);
    } catch {
      reasons.push("the store does not answer");
    }
    const warnings = recipients.warnings(date);
    if (gate.pressed) warnings.push("under pressure: browsers are asked for a proof of work");
    response
      .status(reasons.length === 0 ? 200 : 503)
      .json({ status: reasons.length === 0 ? "ok" : "unavailable", reasons, warnings });
  };
}
