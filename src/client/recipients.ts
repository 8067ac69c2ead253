import { createSubmission, Fault } from "../core/index.js";
import {
  type Certificate,
  checkRecipient,
  encryptMessage,
  inspectMessage,
  monthsLeft,
  type Recipient,
  RecipientError,
  type RecipientFault,
  readCertificates,
} from "../openpgp/index.js";
import { type Clocks, disagree, laterTimes, SetClock, serverTime, timesToTry } from "./clock.js";
import type { Keys } from "./messages.js";
import { askEndpoint, isPortal } from "./portal-answers.js";

export type PrepareFault = "no_portal" | "keys_changed" | "key_expired" | "clock" | "self_test";

export class PrepareError extends Fault<PrepareFault> {}

/** The certificates that may be encrypted to, and the clock that says so. */
export interface PreparedRecipients {
  readonly recipients: readonly Recipient[];
  readonly clock: SetClock;
}

/** The same for a letter that becomes a file, which nobody knows when to expect. */
export interface SavingRecipients extends PreparedRecipients {
  /**
   * Until when its secret is kept for sure, and the form works, ms: the first of all certificates to end counts. Null
   * where none has a key for each month.
   */
  readonly until: number | null;
}

export interface ReadOptions {
  /** The server's time, where the certificates come without it: see {@link checkPortal}. */
  readonly asked?: Promise<number | null> | null;
  /** Whether no clock but the device's can be known, and letters become files. */
  readonly offline?: boolean;
}

/** Faults of a certificate that only time makes. */
const OF_TIME: ReadonlySet<RecipientFault> = new Set(["expired", "gap", "not_yet_valid"]);
/** Faults that a browser without an algorithm sees in a good certificate. */
const OF_BROWSER: ReadonlySet<RecipientFault> = new Set(["no_self_signature", "no_encryption_key", "unsupported"]);

/**
 * Reads the recipients' certificates and checks them as the server does.
 * @param fingerprints upper-case hex, as the page lists them, of all keys that may be encrypted to and of their
 * certificates: there must be exactly these
 * @throws PrepareError; and what `asked` rejects with, if it is waited for
 */
export async function readRecipients(
  { armored, there }: Keys,
  fingerprints: readonly string[],
  { asked = null, offline = false }: ReadOptions = {},
): Promise<PreparedRecipients> {
  const certificates = await readCertificates(armored).catch((cause: unknown) => {
    throw new PrepareError("keys_changed", "what the server gives are no certificates", { cause });
  });
  if (!certificates.every(({ fingerprint }) => fingerprints.includes(fingerprint))) throw changed();
  const prepared = checkAll(certificates, { here: Date.now(), there: there ?? (await asked) }, offline);
  const found = certificates.flatMap((certificate) => certificate.fingerprints);
  if (found.sort().join() !== [...fingerprints].sort().join()) throw changed();
  return prepared;
}

/**
 * What a letter is encrypted to that becomes a file: of keys for each month, the last one that is published, and not
 * that of the day. Its secret is burnt last, so that neither a device whose clock is behind nor a file that waits for
 * months loses the letter.
 */
export function forSaving({ recipients, clock }: PreparedRecipients): SavingRecipients {
  const now = clock.now().getTime();
  const certificates = recipients.map(({ certificate }) => certificate);
  const monthly = recipients.filter((recipient) => monthsLeft(recipient, new Date(now)) !== null);
  const [last = now] = beginnings(monthly.map(({ certificate }) => certificate))
    .filter((from) => from > now)
    .filter((from) => isUsableAt(certificates, from));
  const prepared = prepareAt(certificates, last);
  // The secret of a month that is not the last one may be burnt while its certificate goes on.
  const ends = prepared.recipients.flatMap(({ fingerprint, schedule, expires }) => {
    const isMonthly = monthly.some((each) => each.fingerprint === fingerprint);
    const end = isMonthly ? schedule.find(({ until }) => until === null || until.getTime() > last)?.until : expires;
    return end?.getTime() ?? [];
  });
  return { ...prepared, until: monthly.length === 0 || ends.length === 0 ? null : Math.min(...ends) };
}

function checkAll(certificates: readonly Certificate[], clocks: Clocks, offline: boolean): PreparedRecipients {
  const signed = Math.max(...certificates.map(({ lastSigned }) => lastSigned.getTime()));
  let failure: unknown = null;
  for (const time of timesToTry(clocks, signed)) {
    try {
      const prepared = prepareAt(certificates, time);
      const [later] = laterTimes(clocks, time).filter((each) => isUsableAt(certificates, each));
      return later !== undefined && hasMonths(prepared) ? prepareAt(certificates, later) : prepared;
    } catch (cause) {
      failure = cause;
    }
  }
  // A form is never used before it was made: a clock that says so is wrong by any time.
  const begins = offline ? beginnings(certificates).filter((each) => each > clocks.here) : [];
  for (const time of [...laterTimes(clocks, null), ...begins].filter((each) => isUsableAt(certificates, each))) {
    const prepared = prepareAt(certificates, time);
    if (hasMonths(prepared)) return prepared;
  }
  if (!(failure instanceof RecipientError)) throw failure;
  const options = { cause: failure };
  if (OF_BROWSER.has(failure.code)) throw new PrepareError("self_test", "this browser knows no such key", options);
  if (!OF_TIME.has(failure.code)) throw new PrepareError("keys_changed", "a certificate must not be used", options);
  if (disagree(clocks) && isUsableAt(certificates, clocks.here)) {
    throw new PrepareError("clock", "the clocks of the device and the server disagree", options);
  }
  throw new PrepareError("key_expired", "a recipient's certificate is not valid now", options);
}

/** When each key of `certificates` begins to be used, ms, the last one first. */
function beginnings(certificates: readonly Certificate[]): number[] {
  const uses = certificates.flatMap((certificate) => certificate.schedule(certificate.lastSigned));
  return uses.map(({ from }) => from.getTime()).sort((left, right) => right - left);
}

/** @throws RecipientError */
function prepareAt(certificates: readonly Certificate[], time: number): PreparedRecipients {
  const recipients = certificates.map((certificate) => checkRecipient(certificate, new Date(time)));
  return { recipients, clock: new SetClock(time) };
}

/** Whether a certificate has a key for each month: then the month must not be too early. */
function hasMonths({ recipients, clock }: PreparedRecipients): boolean {
  return recipients.some((recipient) => monthsLeft(recipient, clock.now()) !== null);
}

function isUsableAt(certificates: readonly Certificate[], time: number): boolean {
  return certificates.every((certificate) => !("fault" in certificate.judge(new Date(time))));
}

function changed(): PrepareError {
  return new PrepareError("keys_changed", "the certificates are not those that the page names");
}

/** After this time without an answer, the server is taken for a busy portal. */
const PORTAL_TIMEOUT_MS = 15_000;
/** Answers of a static file host to an upload path: nothing there can take an upload. */
const STATIC_HOST_STATUSES = new Set([400, 403, 404, 405, 501]);

/**
 * Checks, before anybody writes, that the page comes from a portal and not from a static copy, which cannot take a
 * submission. A failed connection or a busy server passes: neither is the sign of a copy.
 * @returns the portal's time in milliseconds; null where no portal said
 * @throws PrepareError `no_portal`
 */
export async function checkPortal(endpoint: string): Promise<number | null> {
  const answer = await askEndpoint(endpoint, AbortSignal.timeout(PORTAL_TIMEOUT_MS));
  if (answer === null) return null;
  if (isPortal(answer)) return serverTime(answer.headers);
  if (answer.ok || answer.redirected || STATIC_HOST_STATUSES.has(answer.status)) {
    throw new PrepareError("no_portal", "this is a copy of a portal's pages");
  }
  return null;
}

/**
 * Encrypts a sample and inspects the result, so that a browser that cannot encrypt shows before anybody writes.
 * @throws PrepareError
 */
export async function selfTest(recipients: readonly Recipient[], now: Date): Promise<void> {
  try {
    const sample = createSubmission({
      caseId: "0".repeat(32),
      form: { id: "self-test", version: 1 },
      language: "en",
      answers: {},
      letter: "self-test\n",
      documents: [],
      encryptedBy: "browser",
    });
    const report = await inspectMessage(await encryptMessage(sample.stream, recipients, now));
    if (report.recipients.length === recipients.length && report.bytes > sample.size) return;
  } catch (cause) {
    throw new PrepareError("self_test", "this browser cannot encrypt", { cause });
  }
  throw new PrepareError("self_test", "what this browser encrypts is not as it should be");
}
