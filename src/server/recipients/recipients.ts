import { DAY_MS, dayOf } from "../../core/index.js";
import { judgeRecipient, minuteOf, monthsLeft, type Recipient } from "../../openpgp/index.js";
import { keyProblem, RecipientsError } from "./key-problem.js";

/** Staff are told this long before a certificate expires. */
const WARNING_MS = 30 * DAY_MS;
/** Offline forms that are given out now need as many. */
const FEW_MONTHS = 3;
/** `/healthz` names at most so many files. */
const MAX_UNUSED = 20;

/** A file in the keys folder that holds nothing to encrypt to. */
export interface UnusedFile {
  /** Path below the folder. */
  readonly file: string;
  readonly why: string;
}

/** Something that does not stop the server, and what to do about it. */
export interface Notice {
  readonly message: string;
  readonly cure: string;
}

/** The certificates that submissions are encrypted to. Every one of them must be usable, or nothing is encrypted. */
export class Recipients {
  readonly #recipients: readonly Recipient[];
  /** Files that lie beside the certificates and are not used. */
  readonly unused: readonly UnusedFile[];

  constructor(recipients: readonly Recipient[], unused: readonly UnusedFile[] = []) {
    this.#recipients = recipients;
    this.unused = unused;
  }

  /** All recipients, whether usable now or not. */
  get all(): readonly Recipient[] {
    return this.#recipients;
  }

  /** @throws RecipientsError `unusable_now` if any cannot be encrypted to at `date` */
  at(date: Date): readonly Recipient[] {
    const problems = this.#recipients.flatMap((recipient) => {
      const judged = judgeRecipient(recipient, date);
      return "fault" in judged
        ? [keyProblem(recipient.fingerprint, judged.fault, `this certificate ${judged.why}`)]
        : [];
    });
    if (problems.length > 0) throw new RecipientsError("unusable_now", problems);
    return this.#recipients;
  }

  /** Each certificate that ends or pauses within 30 days of `date`, or is odd, and whatever lies there unused. */
  notices(date: Date): Notice[] {
    const named = this.unused.slice(0, MAX_UNUSED).map(({ file, why }) => `${file} is not used: ${why}`);
    const more = this.unused.length - named.length;
    const unused = [...named, ...(more > 0 ? [`${more} more files are not used`] : [])];
    return [
      ...this.#recipients.flatMap((recipient) => noticesOf(recipient, date)),
      ...unused.map((message) => ({ message, cure: "keep only certificates in the keys folder" })),
    ];
  }

  /** How many months are left of each certificate that has a key for each month, by its fingerprint. */
  monthsLeft(date: Date): Readonly<Record<string, number>> {
    const left = this.#recipients.map((recipient) => [recipient.fingerprint, monthsLeft(recipient, date)] as const);
    return Object.fromEntries(left.flatMap(([fingerprint, count]) => (count === null ? [] : [[fingerprint, count]])));
  }

  /** The notices as sentences. */
  warnings(date: Date): string[] {
    return this.notices(date).flatMap(warningOf);
  }
}

/** A notice as a sentence, and none without one. */
export function warningOf(notice: Notice | null): string[] {
  return notice === null ? [] : [`${notice.message}: ${notice.cure}`];
}

function noticesOf(recipient: Recipient, date: Date): Notice[] {
  const { certificate, fingerprint, remarks } = recipient;
  const said = remarks.map((remark) => ({
    message: `certificate ${fingerprint} ${remark}`,
    cure: "its owner should know, and may export it again",
  }));
  const left = monthsLeft(recipient, date);
  if (left !== null && left <= FEW_MONTHS) {
    const message = `certificate ${fingerprint} has keys for ${left} ${left === 1 ? "month" : "months"}, this one included`;
    return [{ message, cure: "make more months now, offline, with postern keys extend" }, ...said];
  }
  const gap = certificate.firstGap(date);
  if (gap === null || gap.from.getTime() - date.getTime() > WARNING_MS) return said;
  const message = `certificate ${fingerprint} ${describeGap(gap)}`;
  return [{ message, cure: "extend it now, offline, and put the new certificate into the keys folder" }, ...said];
}

function describeGap({ from, until }: { readonly from: Date; readonly until: Date | null }): string {
  if (until === null) return `expires on ${dayOf(from)}`;
  const [end, next] = [minuteOf(from.getTime()), minuteOf(until.getTime())];
  return `cannot be encrypted to from ${end} until ${next}, when its next encryption subkey begins`;
}
