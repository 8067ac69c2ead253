import { createSubmission, Fault } from "../core/index.js";
import { checkRecipient, encryptMessage, inspectMessage, type Recipient, readCertificates } from "../openpgp/index.js";
import type { Keys } from "./messages.js";

export class PrepareError extends Fault<
  "no_portal" | "keys_unreachable" | "keys_changed" | "key_expired" | "self_test"
> {}

/**
 * Reads the recipients' certificates and checks them as the server does.
 * @param fingerprints upper-case hex, as the page lists them: the certificates must be exactly these
 * @throws PrepareError
 */
export async function readRecipients(keys: Keys, fingerprints: readonly string[]): Promise<Recipient[]> {
  const text = "armored" in keys ? keys.armored : await fetchText(keys.url);
  const recipients: Recipient[] = [];
  try {
    const now = new Date();
    for (const certificate of await readCertificates(text)) recipients.push(await checkRecipient(certificate, now));
  } catch (cause) {
    throw new PrepareError("key_expired", "a recipient's certificate cannot be used", { cause });
  }
  const found = recipients.map(({ fingerprint }) => fingerprint);
  if (found.length === 0 || found.sort().join() !== [...fingerprints].sort().join()) {
    throw new PrepareError("keys_changed", "the certificates are not those that the page names");
  }
  return recipients;
}

/** After this time without an answer, the server is taken for a busy portal. */
const PORTAL_TIMEOUT_MS = 30_000;
/** Answers of a static file host to an upload path: nothing there can take an upload. */
const STATIC_HOST_STATUSES = new Set([400, 403, 404, 405, 501]);

/**
 * Checks, before anybody writes, that the page comes from a portal and not from a static copy, which cannot take a
 * submission. A failed connection or a busy server passes: neither is the sign of a copy.
 * @throws PrepareError `no_portal`
 */
export async function checkPortal(endpoint: string): Promise<void> {
  const answer = await fetch(endpoint, {
    method: "OPTIONS",
    signal: AbortSignal.timeout(PORTAL_TIMEOUT_MS),
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).catch(() => null);
  if (answer === null || answer.headers.has("Tus-Version")) return;
  if (answer.ok || answer.redirected || STATIC_HOST_STATUSES.has(answer.status)) {
    throw new PrepareError("no_portal", "this is a copy of a portal's pages");
  }
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (cause) {
    throw new PrepareError("keys_unreachable", "the recipients' certificates cannot be fetched", { cause });
  }
}

/**
 * Encrypts a sample and inspects the result, so that a browser that cannot encrypt shows before anybody writes.
 * @throws PrepareError
 */
export async function selfTest(recipients: readonly Recipient[]): Promise<void> {
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
    const report = await inspectMessage(await encryptMessage(sample.stream, recipients, new Date()));
    if (report.recipients.length === recipients.length && report.bytes > sample.size) return;
  } catch (cause) {
    throw new PrepareError("self_test", "this browser cannot encrypt", { cause });
  }
  throw new PrepareError("self_test", "what this browser encrypts is not as it should be");
}
