import { z } from "zod";
import { PortalKeyError, readMailboxKey, readReceiptKey } from "../server/portal-keys/index.js";

/** More would make the form's list longer than anybody reads. */
const MAX_ADDRESSES = 16;
const EXPECTED = "expected addresses such as https://relay.example.org, with commas between them and no path";
/** What a Content-Security-Policy can name: no IPv6 address. */
const HOST = /^[a-z0-9.-]+$/;

/** Origins of relays and of the portal itself: https://, or http:// for an onion service. */
export const wayAddresses = z
  .string()
  .transform((text) => text.split(",").map((each) => originOf(each.trim())))
  .pipe(z.array(z.string(EXPECTED)).max(MAX_ADDRESSES, `expected at most ${MAX_ADDRESSES} addresses`))
  .refine((all) => new Set(all).size === all.length, "expected each address once");

export const receiptKey = portalKey(readReceiptKey);
export const mailboxKey = portalKey(readMailboxKey);

/** A P-256 key in PEM. */
function portalKey<Key>(read: (pem: string) => Key) {
  return z.string().transform((pem, context) => {
    try {
      return read(pem);
    } catch (cause) {
      if (!(cause instanceof PortalKeyError)) throw cause;
      context.addIssue({ code: "custom", message: "expected a P-256 key in PEM" });
      return z.NEVER;
    }
  });
}

function originOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !HOST.test(url.hostname)) return null;
  const secure = url.protocol === "https:" || (url.protocol === "http:" && url.hostname.endsWith(".onion"));
  const plain = url.href === `${url.origin}/` && url.username === "" && !/[?#]/.test(text);
  return secure && plain ? url.origin : null;
}
