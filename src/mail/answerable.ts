import type { MailSenderCheck } from "../core/index.js";
import { headLines } from "./message-head.js";
import type { ReadMail } from "./read-letter.js";

/** What is known of a letter when it has been stored. */
export interface StoredMail {
  /** Null if it is too long to be trusted with an answer. */
  readonly head: string | null;
  readonly mail: ReadMail | null;
  readonly sender: MailSenderCheck | null;
  /** Of the envelope. */
  readonly from: string;
}

/** Addresses that are plain enough to be put into a command (RFC 5321 section 4.1.2). */
const PLAIN =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
const PROGRAM =
  /^(?:no.?reply|do.?not.?reply|mailer.daemon|daemon|postmaster|hostmaster|abuse|root|bounces?|listserv|majordomo|owner-.*|.*-(?:owner|request|bounces?|relay)|.*(?:bounce|[+=]).*)$/i;
/** Set by programs, lists and out-of-office notes, whatever they say. */
const AUTOMATIC =
  /^(?:precedence|list-.*|x-list.*|x-loop|x-auto-.*|x-autoreply|x-autorespond|x-autoresponse|x-mailing-list|feedback-id|x-failed-recipients|x-spam-flag|resent-.*)$/;

/**
 * The address that may have an answer, or null. RFC 3834 section 2: none to what no person has written to us. None
 * either where nothing proves that the mail comes from the sender's domain: it would reach whomever a forger named.
 * @param ours addresses of the server, in lower case
 */
export function answerableSender({ head, mail, sender, from }: StoredMail, ours: readonly string[]): string | null {
  if (head === null || mail === null || sender === null) return null;
  const [name = "", domain = ""] = [from.slice(0, from.lastIndexOf("@")), from.slice(from.lastIndexOf("@") + 1)];
  if (!PLAIN.test(from) || PROGRAM.test(name) || sender.proved !== domain.toLowerCase()) return null;
  if (ours.some((address) => address.endsWith(`@${domain.toLowerCase()}`))) return null;
  const lines = headLines(head);
  const valuesOf = (wanted: string) =>
    lines.filter(([each]) => each === wanted).map(([, value]) => value.toLowerCase());
  if (lines.some(([each]) => AUTOMATIC.test(each))) return null;
  if (valuesOf("auto-submitted").some((value) => value !== "no")) return null;
  if (valuesOf("return-path").some((value) => value === "<>")) return null;
  if (valuesOf("content-type").some((value) => value.startsWith("multipart/report"))) return null;
  const [author, ...others] = valuesOf("from").map(addressIn);
  if (author !== from.toLowerCase() || others.length > 0) return null;
  // A letter that does not name us is a copy, or was sent to many.
  const named = [...valuesOf("to"), ...valuesOf("cc")].join(", ");
  return ours.some((address) => named.includes(address)) ? from : null;
}

function addressIn(value: string): string {
  return /<([^<>]*)>\s*$/.exec(value)?.[1] ?? value.trim();
}
