import { Resolver } from "node:dns/promises";
import { spf } from "mailauth/lib/spf/index.js";
import { fromDomain, headLines, isDomainName } from "./message-head.js";

/** Who hands a message over. All of it but the address is the sender's word. */
export interface Envelope {
  /** Of the connection; empty behind a mail server of the operator's own. */
  readonly ip: string;
  readonly helo: string;
  /** Empty for a bounce. */
  readonly from: string;
}

/** What the DNS says of a sender. */
export interface SenderRecords {
  readonly spf: { readonly result: string; readonly domain: string };
  /** The TXT records found, by name. */
  readonly texts: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** Of one message. SPF alone may take ten with their addresses (RFC 7208 section 4.6.4). */
const MAX_LOOKUPS = 40;
const LOOKUP_TIMEOUT_MS = 2_000;
const ALL_TIMEOUT_MS = 6_000;
export const MAX_SIGNATURES = 5;

/**
 * Asks the DNS everything that a check of the sender needs, within bounds of number and time. What cannot be found out
 * counts as absent.
 * @param servers addresses of resolvers, or empty for those of the machine
 */
export async function findSenderRecords(
  head: string,
  envelope: Envelope,
  servers: readonly string[],
): Promise<SenderRecords> {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const timer = setTimeout(() => resolver.cancel(), ALL_TIMEOUT_MS);
  const until = performance.now() + ALL_TIMEOUT_MS;
  let lookups = 0;
  const resolve = async (name: string, type = "A"): Promise<unknown> => {
    lookups += 1;
    if (lookups > MAX_LOOKUPS || performance.now() > until) throw new LookupError("no more lookups");
    return resolver.resolve(name, type);
  };
  try {
    const texts = new Map<string, string[][]>();
    const [found] = await Promise.all([
      spfOf(envelope, resolve),
      ...namesIn(head).map(async (name) => {
        const records = await resolve(name, "TXT").catch(() => null);
        if (Array.isArray(records)) texts.set(name, records as string[][]);
      }),
    ]);
    return { spf: found, texts };
  } finally {
    clearTimeout(timer);
  }
}

/** As node:dns reports a server that does not answer. */
class LookupError extends Error {
  readonly code = "ETIMEOUT";
}

async function spfOf(
  { ip, helo, from }: Envelope,
  resolver: (name: string, type?: string) => Promise<unknown>,
): Promise<SenderRecords["spf"]> {
  if (ip === "") return { result: "none", domain: "" };
  const { domain, status } = await spf({ ip, helo, sender: from, mta: "postern", resolver } as Parameters<
    typeof spf
  >[0]);
  return { result: status.result, domain };
}

/** Where the keys of its signatures are, and the policies of its author's domain and of those above it. */
function namesIn(head: string): string[] {
  const lines = headLines(head);
  const signatures = lines.filter(([name]) => name === "dkim-signature").slice(0, MAX_SIGNATURES);
  const keys = signatures.map(([, value]) => `${tag(value, "s")}._domainkey.${tag(value, "d")}`);
  const labels = (fromDomain(lines) ?? "").split(".").slice(-4);
  const policies = labels.slice(0, -1).map((_, index) => `_dmarc.${labels.slice(index).join(".")}`);
  return [...new Set([...keys, ...policies].map((name) => name.toLowerCase()))].filter(isDomainName);
}

function tag(value: string, name: string): string {
  const found = value.split(";").find((each) => each.slice(0, each.indexOf("=")).trim() === name);
  return found === undefined ? "" : found.slice(found.indexOf("=") + 1).replace(/\s/g, "");
}
