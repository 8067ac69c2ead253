import type { Express, Request, Response } from "express";
import { dayOf } from "../../core/index.js";
import type { Context } from "../context.js";

/** `GET /keys.asc` and `GET /keys.json`: so that anybody can compare the recipients with what they know. */
export function publishKeys(app: Express, { recipients }: Context): void {
  const armored = recipients.all.map(({ certificate }) => certificate.armor()).join("\n");
  const listed = recipients.all.map(({ fingerprint, expires }) => ({
    fingerprint,
    expires: expires === null ? null : dayOf(expires),
  }));
  app.get("/keys.asc", (_request: Request, response: Response) => {
    response.type("application/pgp-keys").send(armored);
  });
  app.get("/keys.json", (_request: Request, response: Response) => {
    response.json({ recipients: listed });
  });
}
