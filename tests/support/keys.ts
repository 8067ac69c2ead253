import type { KeyPair } from "../../src/desk/index.js";
import { checkRecipient, type Recipient, readCertificates } from "../../src/openpgp/index.js";

/** The recipient that a new key pair makes. */
export async function recipientOf(pair: Pick<KeyPair, "certificate">): Promise<Recipient> {
  const [certificate] = await readCertificates(pair.certificate);
  if (certificate === undefined) throw new Error("no certificate was made");
  return checkRecipient(certificate, new Date());
}
