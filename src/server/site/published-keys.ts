import type { Express, Request, Response } from "express";
import { dayOf } from "../../core/index.js";
import type { Certificate, Recipient } from "../../openpgp/index.js";
import type { Context } from "../context.js";

/**
 * `GET /keys.asc` and `GET /keys.json`, for the client, and so that anybody can compare the recipients with what they
 * know. Both stay the same while the certificates do, or for a month if these have a key for each.
 */
export function publishKeys(app: Express, { recipients, published }: Context): void {
  const listed = published.derive(({ certificates }) =>
    certificates.flatMap((certificate, index) => {
      const recipient = recipients.all[index];
      return recipient === undefined ? [] : [listedAs(recipient, certificate)];
    }),
  );
  app.get("/keys.asc", (_request: Request, response: Response) => {
    response.type("application/pgp-keys").send(published.current.armored);
  });
  app.get("/keys.json", (_request: Request, response: Response) => {
    response.json({ recipients: listed() });
  });
}

function listedAs({ fingerprint, expires, schedule }: Recipient, { fingerprints }: Certificate) {
  const near = schedule.filter(({ keys }) => keys.every((key) => fingerprints.includes(key.fingerprint)));
  const last = near.at(-1);
  const later = last === undefined ? 0 : schedule.length - 1 - schedule.lastIndexOf(last);
  return {
    fingerprint,
    expires: expires === null ? null : dayOf(expires),
    encryption: near.map(({ keys: [key, ...additional], from, until }) => ({
      key: key.fingerprint,
      algorithm: key.algorithm,
      additional: additional.map((each) => each.fingerprint),
      from,
      until,
    })),
    // Keys for later months, which will be published then.
    ...(later > 0 && { laterKeys: later }),
  };
}
