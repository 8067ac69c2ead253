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

export function askedHeaders(headers: Headers): Headers {
  const passed = picked(headers, ASKED);
  // What a host compresses again would be no piece of the same bytes.
  passed.set("accept-encoding", "identity");
  const length = headers.get("content-length") ?? "";
  if (/^\d{1,10}$/.test(length)) passed.set("content-length", length);
  return passed;
}

export function answeredHeaders(headers: Headers): Headers {
  const passed = picked(headers, ANSWERED);
  for (const [name, value] of Object.entries(OWN)) passed.set(name, value);
  return passed;
}

export function preflightHeaders(): Headers {
  return new Headers({ ...OWN, ...PREFLIGHT });
}

/** Of a refusal of the relay's own. */
export function refusalHeaders(): Headers {
  return new Headers({ ...OWN, "Content-Type": "text/plain" });
}

/** Whether an answer's body may be passed on. */
export function isData(headers: Headers): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return DATA.has(type.trim().toLowerCase());
}

function picked(headers: Headers, names: readonly string[]): Headers {
  const passed = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null && value.length <= MAX_VALUE && VALUE.test(value)) passed.set(name, value);
  }
  return passed;
}
