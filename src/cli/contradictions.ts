import { isPrivate } from "./listen-address.js";
import type { Settings } from "./settings.js";

const MAIL = ["POSTERN_NOTIFY_EMAIL", "POSTERN_NOTIFY_FROM", "POSTERN_NOTIFY_SMTP"] as const;

/** Settings that are well formed but do not fit together, one line each. */
export function contradictions(settings: Settings): string[] {
  const { POSTERN_PICKUP_LISTEN: pickup } = settings;
  const found: string[] = [];
  if (pickup !== null && !settings.POSTERN_PICKUP_PUBLIC && !isPrivate(pickup)) {
    found.push(
      "POSTERN_PICKUP_LISTEN: this address can be reached from outside; use 127.0.0.1 or a Unix socket behind an onion " +
        "service, or set POSTERN_PICKUP_PUBLIC=yes to allow it",
    );
  }
  if (settings.POSTERN_PROXY_PROTOCOL && settings.POSTERN_TRUST_PROXY) {
    found.push("POSTERN_TRUST_PROXY: conflicts with POSTERN_PROXY_PROTOCOL; set one of them");
  }
  if (settings.POSTERN_S3_ENDPOINT !== null && typeof settings.POSTERN_STORE === "string") {
    found.push(
      "POSTERN_S3_ENDPOINT: has no effect when POSTERN_STORE is a folder; unset it, or set POSTERN_STORE=s3://BUCKET",
    );
  }
  const { POSTERN_RELAYS: relays, POSTERN_RECEIPT_KEY: receiptKey } = settings;
  if (relays === null && receiptKey !== null) found.push("POSTERN_RELAYS: must be set with POSTERN_RECEIPT_KEY");
  if (relays !== null && receiptKey === null) found.push("POSTERN_RECEIPT_KEY: must be set with POSTERN_RELAYS");
  if (relays === null && settings.POSTERN_MAILBOX_KEY !== null) {
    found.push("POSTERN_RELAYS: must be set with POSTERN_MAILBOX_KEY");
  }
  found.push(...mailContradictions(settings));
  const missing = MAIL.filter((name) => settings[name] === null);
  const mail = missing.length < MAIL.length;
  if (mail) found.push(...missing.map((name) => `${name}: must be set to notify staff by email`));
  if ((mail || settings.POSTERN_NOTIFY_WEBHOOK !== null) && pickup === null) {
    found.push("POSTERN_PICKUP_LISTEN: must be set to notify staff");
  }
  return found;
}

/** Of the settings for letters by email. */
function mailContradictions(settings: Settings): string[] {
  const { POSTERN_MAIL_LISTEN: listen, POSTERN_MAIL_CERTIFICATE: certificate, POSTERN_MAIL_KEY: key } = settings;
  const { POSTERN_MAIL_PROTOCOL: protocol, POSTERN_MAIL_REQUIRE_TLS: requireTls } = settings;
  const found: string[] = [];
  if (listen !== null && settings.POSTERN_MAIL_ADDRESSES === null) {
    found.push("POSTERN_MAIL_ADDRESSES: must be set to take letters by email");
  }
  if (listen !== null && protocol === "lmtp" && !isPrivate(listen)) {
    found.push("POSTERN_MAIL_LISTEN: with POSTERN_MAIL_PROTOCOL=lmtp use 127.0.0.1 or a Unix socket");
  }
  if (certificate !== null && key === null) found.push("POSTERN_MAIL_KEY: must be set with POSTERN_MAIL_CERTIFICATE");
  if (certificate === null && key !== null) found.push("POSTERN_MAIL_CERTIFICATE: must be set with POSTERN_MAIL_KEY");
  const needsTls = requireTls ? "POSTERN_MAIL_REQUIRE_TLS" : "POSTERN_MAIL_TLS_LISTEN";
  if (certificate === null && (requireTls || settings.POSTERN_MAIL_TLS_LISTEN !== null)) {
    found.push(`${needsTls}: needs POSTERN_MAIL_CERTIFICATE and POSTERN_MAIL_KEY`);
  }
  if (settings.POSTERN_MAIL_ANSWER === "receipt") {
    for (const name of ["POSTERN_MAIL_SMTP", "POSTERN_MAIL_SITE"] as const) {
      if (settings[name] === null) found.push(`${name}: must be set with POSTERN_MAIL_ANSWER=receipt`);
    }
    if (!settings.POSTERN_MAIL_CHECK_SENDER) {
      found.push(
        "POSTERN_MAIL_CHECK_SENDER: must be yes with POSTERN_MAIL_ANSWER=receipt; else answers go to whomever a forged " +
          "letter names",
      );
    }
  }
  return found;
}
