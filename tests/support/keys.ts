import type { KeyPair } from "../../src/desk/index.js";
import { type Certificate, checkRecipient, type Recipient, readCertificates } from "../../src/openpgp/index.js";

/** The recipient that a new key pair makes. */
export async function recipientOf(pair: Pick<KeyPair, "certificate">): Promise<Recipient> {
  return checkRecipient(await certificateIn(pair.certificate), new Date());
}

/** The first certificate in the contents of a file. */
export async function certificateIn(contents: string | Uint8Array): Promise<Certificate> {
  const [certificate] = await readCertificates(contents);
  if (certificate === undefined) throw new Error("there is no certificate");
  return certificate;
}

/** The recipient that a certificate of openpgp.js makes at `date`. @throws RecipientError */
export async function recipientFrom(certificate: { write(): Uint8Array }, date: Date): Promise<Recipient> {
  return checkRecipient(await certificateIn(certificate.write()), date);
}
