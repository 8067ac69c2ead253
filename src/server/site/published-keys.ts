import type { Express, Request, Response } from "express";
import { dayOf } from "../../core/index.js";
import type { Context } from "../context.js";

/**
 * `GET /keys.asc` and `GET /keys.json`, for the client, and so that anybody can compare the recipients with what they
 * know. Both stay the same while the certificates do.
 */
export function publishKeys(app: Express, { recipients }: Context): void {
  const armored = recipients.all.map(({ certificate }) => certificate.armor()).join("\n");
  const listed = recipients.all.map(({ fingerprint, expires, schedule }) => ({
    fingerprint,
    expires: expires === null ? null : dayOf(expires),
    encryption: schedule.map(({ keys: [key, ...additional], from, until }) => ({
      key: key.fingerprint,
      algorithm: key.algorithm,
      additional: additional.map((each) => each.fingerprint),
      from,
      until,
    })),
  }));
  app.get("/keys.asc", (_request: Request, response: Response) => {
    response.type("application/pgp-keys").send(armored);
  });
  app.get("/keys.json", (_request: Request, response: Response) => {
    response.json({ recipients: listed });
  });
}
