import type { Express, Request, Response } from "express";
import type { Shortage } from "./admission/index.js";
import type { Context } from "./context.js";
import { RecipientsError, warningOf } from "./recipients/index.js";

/** In an operator's words. */
export const SHORTAGES: Readonly<Record<NonNullable<Shortage>, string>> = {
  disk: "the store is out of space",
  store: "the store has reached POSTERN_MAX_STORE",
  incoming: "what is on its way has reached POSTERN_MAX_INCOMING",
  share: "one visitor holds all the room",
};

/** `GET /healthz`: 200 when a submission can be taken, 503 with the reasons when not; warnings either way. */
export function publishHealth(
  app: Express,
  { recipients, shutdown, incidents, gate, capacity, keyClock }: Context,
): void {
  app.get("/healthz", async (_request: Request, response: Response) => {
    const reasons: string[] = shutdown.begun ? ["the portal is about to stop"] : [];
    const date = keyClock.now();
    try {
      recipients.at(date);
    } catch (cause) {
      if (!(cause instanceof RecipientsError)) throw cause;
      reasons.push(...cause.problems.map(({ file, message }) => `${file}: ${message}`));
    }
    try {
      const shortage = await capacity.shortage(0);
      if (shortage !== null) reasons.push(SHORTAGES[shortage]);
    } catch {
      reasons.push("the store does not answer");
    }
    if (gate.full) reasons.push("every place for a letter is taken");
    const warnings = [...recipients.warnings(date), ...warningOf(keyClock.notice())];
    if (gate.overloaded) warnings.push("under pressure: browsers are asked for a proof of work");
    if (incidents.count > 0)
      warnings.push(`faults of the program since its start: ${incidents.count}; the log names them`);
    const monthsLeft = recipients.monthsLeft(date);
    response.status(reasons.length === 0 ? 200 : 503).json({
      ...{ status: reasons.length === 0 ? "ok" : "unavailable", reasons, warnings },
      ...(Object.keys(monthsLeft).length > 0 && { monthsLeft }),
    });
  });
}
