/** Headers by name in lower case. */
export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

/** What a portal is told of a request. Nothing here says who sent it, with what, or in which language. */
const ASKED = [
  "content-type",
  "postern-draft",
  "postern-proof",
  "tus-resumable",
  "upload-defer-length",
  "upload-length",
  "upload-offset",
  "x-http-method-override",
];

/** What a client is told of an answer. The portal's time is what it judges certificates by. */
const ANSWERED = [
  "content-type",
  "date",
  "postern-blocks-sha256",
  "postern-sha256",
  "postern-signature",
  "retry-after",
  "tus-extension",
  "tus-max-size",
  "tus-resumable",
  "tus-version",
  "upload-defer-length",
  "upload-expires",
  "upload-length",
  "upload-offset",
];

/** Longest value that any of them has. */
const MAX_VALUE = 512;
/** Printable ASCII: no client of ours sends anything else, and a line break would begin a header of its own. */
const VALUE = /^[\x20-\x7e]*$/;

/** Bodies that are data. A page or a script of a portal, or of somebody in its place, is no answer to a client. */
const DATA = new Set(["application/json", "application/octet-stream", "application/pgp-keys", "text/plain"]);

/**
 * Headers of every answer of a relay: any page may ask it, the offline form in a file among them (origin `null`), and
 * nothing that it answers can run or be kept.
 */
const OWN: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": [...ANSWERED, "location"].join(", "),
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** To a browser that asks first: what it may send here. Two hours is as long as any browser remembers it. */
const PREFLIGHT: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Headers": ASKED.join(", "),
  "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, OPTIONS",
  "Access-Control-Max-Age": "7200",
};

/** @param hasBody whether a body goes with them: a length without one would take the next request for it */
export function askedHeaders(headers: HeaderFields, hasBody: boolean): Record<string, string> {
  // What a host compresses again would be no piece of the same bytes.
  const passed = { ...picked(headers, ASKED), "accept-encoding": "identity" };
  const length = headers["content-length"];
  return hasBody && typeof length === "string" && /^\d{1,10}$/.test(length)
    ? { ...passed, "content-length": length }
    : passed;
}

export function answeredHeaders(headers: HeaderFields): Record<string, string> {
  return { ...picked(headers, ANSWERED), ...OWN };
}

export function preflightHeaders(): Record<string, string> {
  return { ...OWN, ...PREFLIGHT };
}

/** Of a refusal of the relay's own. */
export function refusalHeaders(): Record<string, string> {
  return { ...OWN, "Content-Type": "text/plain" };
}

/** Whether an answer's body may be passed on. */
export function isData(headers: HeaderFields): boolean {
  const [type = ""] = String(headers["content-type"]).split(";");
  return DATA.has(type.trim().toLowerCase());
}

function picked(headers: HeaderFields, names: readonly string[]): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === "string" && value.length <= MAX_VALUE && VALUE.test(value)) passed[name] = value;
  }
  return passed;
}
