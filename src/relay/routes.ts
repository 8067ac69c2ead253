const UPLOADS = "/uploads";
const UPLOAD = /^\/uploads\/[0-9a-f]{32}$/;
/** Questions that are sealed to the portal. */
const MAILBOX = "/mailbox";
const FIXED = new Set(["/challenge", "/keys.asc", "/keys.json"]);

/** Where a new upload is, as the portal may say it; null for anything else. */
export function uploadPath(location: string): string | null {
  return UPLOAD.test(location) ? location : null;
}

/**
 * Whether a relay passes on a request: what a client without a page asks of its portal, and nothing else.
 * @param target path and query as they came, undecoded
 * @param override the method in `X-HTTP-Method-Override`, or null
 */
export function mayPass(method: string, target: string, override: string | null): boolean {
  if (override !== null) return method === "POST" && override === "PATCH" && UPLOAD.test(target);
  switch (method) {
    case "POST":
      return target === UPLOADS || target === MAILBOX;
    case "OPTIONS":
      return target === UPLOADS;
    case "PATCH":
      return UPLOAD.test(target);
    case "HEAD":
      return UPLOAD.test(target);
    case "GET":
      return FIXED.has(target);
    default:
      return false;
  }
}
