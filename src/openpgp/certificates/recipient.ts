import { Certificate } from "./certificate.js";
import type { Choice, Refusal, Use } from "./choice.js";
import { readKeyFile } from "./key-file.js";
import { mergeCertificates } from "./raw-certificate.js";
import { RecipientError } from "./recipient-error.js";

/** A staff certificate that passed {@link checkRecipient}, reduced to what encrypting needs. */
export interface Recipient {
  readonly certificate: Certificate;
  /** Upper-case hex: 40 digits for a version 4 certificate, 64 for version 6. */
  readonly fingerprint: string;
  readonly userIds: readonly string[];
  /** When encryption to it first ends, seen from the check; null for never. */
  readonly expires: Date | null;
  /** Its AEAD algorithm for SEIPD version 2 at the check; null if it supports only version 1. */
  readonly aead: Choice["aead"];
  /** Which of its keys are used when. It changes only with the certificate. */
  readonly schedule: readonly Use[];
  /** When it was checked. It is judged no earlier than that: a clock that is set back makes no key worse. */
  readonly checked: Date;
  /** What its owner may not expect, in sentences that begin after the certificate's name. */
  readonly remarks: readonly string[];
}

/** What a message to `recipient` is encrypted with at `date`, or why it cannot be. */
export function judgeRecipient({ certificate, checked }: Recipient, date: Date): Choice | Refusal {
  return certificate.judge(date < checked ? checked : date);
}

/** How many months' keys have not ended at `date`; null for a certificate that has no key for each month. */
export function monthsLeft({ schedule }: Pick<Recipient, "schedule">, date: Date): number | null {
  const [, ...later] = schedule;
  const monthly = later.every(
    ({ from }, index) => isMonthStart(from) && schedule[index]?.until?.getTime() === from.getTime(),
  );
  if (later.length === 0 || !monthly) return null;
  return schedule.filter(({ until }) => until === null || until > date).length;
}

function isMonthStart(date: Date): boolean {
  return date.toISOString().endsWith("-01T00:00:00.000Z");
}

/**
 * Reads every certificate in the contents of a file. Versions of the same one are merged.
 * @throws RecipientError `secret_key` if there is a secret key in it, `unreadable` if any part of it is no certificate
 */
export async function readCertificates(contents: string | Uint8Array): Promise<Certificate[]> {
  const found = readKeyFile(contents)?.certificates ?? [];
  if (found.length === 0) throw new RecipientError("unreadable", "this file holds no certificate");
  return Promise.all(mergeCertificates(found).map((raw) => Certificate.from(raw)));
}

/**
 * Checks that `certificate` may be encrypted to at `date`.
 * @throws RecipientError
 */
export function checkRecipient(certificate: Certificate, date: Date): Recipient {
  const { aead } = certificate.at(date);
  const reduced = certificate.minimal(date);
  return {
    certificate: reduced,
    fingerprint: certificate.fingerprint,
    userIds: certificate.userIds,
    expires: reduced.firstGap(date)?.from ?? null,
    aead,
    schedule: reduced.schedule(date),
    checked: date,
    remarks: certificate.remarks(date),
  };
}
