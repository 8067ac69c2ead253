import { isIP } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "../http-client/index.js";
import { LISTEN_ADDRESS, readListenAddress } from "./listen-address.js";
import { readRelaySecrets } from "./relay-secrets.js";

const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Bytes, written with a binary unit. */
export const size = z
  .string()
  .regex(/^\d{1,15}(B|KiB|MiB|GiB|TiB)?$/, "expected a size such as 500MiB or 2GiB")
  .transform((text) => Number.parseInt(text, 10) * (BYTES[text.replace(/^\d+/, "")] ?? 1));

export function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number(error).int(error).min(min, error).max(max, error);
}

/** Text that `read` understands. */
const readBy = <Value>(read: (text: string) => Value | null, expected: string) =>
  z.string().transform((text, context) => {
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });

export const listenAddress = readBy(readListenAddress, `expected ${LISTEN_ADDRESS}`);

export const relaySecrets = readBy(readRelaySecrets, "expected a line of 64 hex digits for each of at most 16 relays");

/** An absolute path; a relative one starts at the working directory. */
export const path = z.string().transform((text) => resolve(text));

export const yesOrNo = z.enum(["yes", "no"], "expected yes or no").transform((text) => text === "yes");

export const webAddress = z.url({ protocol: /^https?$/, error: "expected an address that begins with https://" });

/** A secret address: without TLS, anyone on the way could read it. */
export const webhook = webAddress.refine(
  (text) => protocolAndHost(text).protocol === "https:" || isLoopback(protocolAndHost(text).hostname),
  "expected an address that begins with https://, except on this machine",
);

/** Without options after it: Postern decides where TLS is needed. */
export const mailServer = z
  .url({ protocol: /^smtps?$/, error: "expected smtp://USER:PASSWORD@HOST:PORT" })
  .refine((text) => !/[?#]/.test(text), "expected smtp://USER:PASSWORD@HOST:PORT with nothing after it")
  .refine(isDecodable, "expected a percent sign in the name or password to be written %25");

export const mailAddress = z.email("expected an email address");

/** In lower case: no provider tells addresses apart by it. */
export const mailAddresses = z
  .string()
  .transform((text) => text.split(",").map((each) => each.trim().toLowerCase()))
  .pipe(
    z.array(z.email("expected email addresses with commas between them")).max(100, "expected at most 100 addresses"),
  );

export const mailProtocol = z.enum(["smtp", "lmtp"], "expected smtp or lmtp");

export const mailAnswer = z.enum(["no", "receipt"], "expected no or receipt");

/** IP addresses of resolvers, each with a port or without. */
export const resolvers = z
  .string()
  .transform((text) => text.split(",").map((each) => each.trim()))
  .pipe(z.array(z.string().refine(isResolver, "expected IP addresses with commas between them")).max(8));

/** For people to open: nothing secret, and short enough for a line. */
export const siteAddress = webAddress.max(200, "expected at most 200 characters");

/** Null for blanks only. */
export const organisationName = z
  .string()
  .trim()
  .max(200, "expected at most 200 characters")
  .transform((text) => (text === "" ? null : text));

/** Null for blanks only. */
export const addresses = z
  .string()
  .trim()
  .max(300, "expected at most 300 characters")
  .transform((text) => (text === "" ? null : text));

export const onionHost = z
  .string()
  .regex(/^[a-z2-7]{56}\.onion$/, "expected the host name of an onion service: 56 characters and .onion");

/** Of a well-formed URL; empty for anything else, which another check refuses. */
function protocolAndHost(text: string): { readonly protocol: string; readonly hostname: string } {
  return URL.canParse(text) ? new URL(text) : { protocol: "", hostname: "" };
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}

function isResolver(text: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(text) ?? [];
  return isIP(text) !== 0 || isIP(bracketed ?? plain ?? "") !== 0;
}
