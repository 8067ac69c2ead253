const NO_NAME = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL"]);
const NO_WAY = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);
/** What Node and OpenSSL call a certificate that they do not accept. */
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)/;
const TLS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** What mends a connection that failed with `code`, or null where the code does not tell. */
export function cureOf(code: string): string | null {
  if (code === "CERT_HAS_EXPIRED") return "renew the proxy's TLS certificate, and find out why that failed";
  if (CERTIFICATE.test(code)) {
    return "give the proxy a TLS certificate for this name, with its whole chain, from an authority that browsers know";
  }
  if (TLS.test(code)) return "let the proxy speak TLS at this address: look at its settings, ports and log";
  if (NO_NAME.has(code)) return "give this name a record in the DNS, and look at the resolver of this machine";
  if (NO_WAY.has(code)) return "look at the firewalls between here and this address";
  return null;
}
