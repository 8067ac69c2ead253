import type { HttpClient } from "../http-client/index.js";
import type { Ways } from "../server/index.js";
import { type CheckResult, fault, orOk } from "./check.js";

const MAX_FORM_BYTES = 8 * 1024 ** 2;
const SETTINGS = ["POSTERN_RECEIPT_KEY", "POSTERN_MAILBOX_KEY"] as const;

/** The portal must have the secret halves of its keys, and give out a form with these keys and addresses. */
export async function checkWayKeys(local: HttpClient, ways: Ways, language: string): Promise<readonly CheckResult[]> {
  const { addresses, key, mailboxKey } = ways;
  const found: CheckResult[] = [];
  const halves = [key.sign === null, mailboxKey?.open === null];
  for (const [index, isPublic] of halves.entries()) {
    const fix = "name the file that openssl genpkey has made; the public half is for postern site and postern verify";
    if (isPublic) found.push(fault(`${SETTINGS[index]} holds a public half only: the portal does not start`, fix));
  }
  if (mailboxKey?.spki === key.spki) {
    const message = "POSTERN_MAILBOX_KEY is the key of POSTERN_RECEIPT_KEY: one key must not sign and open";
    found.push(fault(message, "make another mailbox key"));
  }
  const form = await local.get(`/offline/${language}.html`, {}, MAX_FORM_BYTES);
  const expected = JSON.stringify({ addresses, key: key.spki, mailboxKey: mailboxKey?.spki ?? null });
  // As it stands in an attribute.
  if (!form.body.includes(`&quot;ways&quot;:${expected.replaceAll('"', "&quot;")}`)) {
    const message = "the offline form that the portal gives out has other addresses or keys than these settings";
    found.push(fault(message, "restart the portal, so that it takes these settings"));
  }
  const reads =
    mailboxKey === null ? "sends, and reads no answers: POSTERN_MAILBOX_KEY is not set" : "sends and reads answers";
  return orOk(found, `the offline form ${reads}`);
}
