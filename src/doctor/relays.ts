import { HttpClient, type HttpResponse, type SocksProxy } from "../http-client/index.js";
import { type CheckResult, fault, ok, orOk, warning } from "./check.js";
import { type Handshake, handshakeWith } from "./handshake.js";
import { lastingConnections } from "./lasting-connections.js";
import { expiringCertificate } from "./transport.js";

/** An address of POSTERN_RELAYS. */
export interface Way {
  readonly client: HttpClient;
  /** Null where it is reached through a proxy, or without TLS. */
  readonly shakeHands: (() => Promise<Handshake>) | null;
  /** Whether nothing leads there from here: an onion service, and no Tor to ask it through. */
  readonly outOfReach: boolean;
}

/** @param addresses origins */
export function waysTo(addresses: readonly string[], proxy: SocksProxy | null): Way[] {
  return addresses.map((address) => {
    const url = new URL(address);
    const outOfReach = url.hostname.endsWith(".onion") && proxy === null;
    return { client: new HttpClient(url, { proxy }), shakeHands: handshakeWith(url, proxy), outOfReach };
  });
}

/** A relay says this with each answer, so that nothing of it runs or is kept. */
const RELAY_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};
const ASK = "ask whoever runs it, or take it out of POSTERN_RELAYS";
const PASS_HEADERS = "have its proxy pass headers through unchanged and add none";
const CLOSE = "have its proxy offer HTTP/1.1 alone and close each connection, as deploy/ shows";

/**
 * Each address that the offline form sends through must lead to this portal, and answer pages of any origin.
 * @param local the portal on this machine
 */
export async function checkRelays(local: HttpClient, ways: readonly Way[], now: Date): Promise<readonly CheckResult[]> {
  const { body: keys } = await local.get("/keys.json");
  const asked = await Promise.all(ways.map((way) => checkWay(way, keys, now).catch((cause) => silent(way, cause))));
  const found = asked.flatMap(({ results }) => results);
  if (ways.length === 1) {
    const message = "POSTERN_RELAYS names one address: whoever runs it can hold back every letter";
    found.push(warning(message, "name relays of several people"));
  }
  if (asked.every(({ leads }) => !leads)) {
    found.push(fault("no address of POSTERN_RELAYS leads to this portal: the form sends nothing", "mend one of them"));
  }
  return found;
}

interface WayResult {
  /** Whether a form may send through it, as far as is known. */
  readonly leads: boolean;
  readonly results: readonly CheckResult[];
}

function silent({ client }: Way, cause: unknown): WayResult {
  const why = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return { leads: false, results: [warning(`${client.name} does not answer (${why})`, ASK)] };
}

async function checkWay(way: Way, keys: string, now: Date): Promise<WayResult> {
  const { client, outOfReach } = way;
  const { name } = client;
  if (outOfReach) return { leads: true, results: [ok(`${name} was not asked; --socks asks it through Tor`)] };
  // As a browser asks: it would keep the connection.
  const published = await client.get("/keys.json", { Connection: "keep-alive" });
  if (published.status !== 200) {
    const message = `${name} answers ${published.status} in place of this portal's certificates`;
    return { leads: false, results: [warning(message, ASK)] };
  }
  if (published.body !== keys) {
    const message = `${name} leads to another portal, or changes certificates`;
    return { leads: false, results: [fault(message, "take it out of POSTERN_RELAYS until it names this portal")] };
  }
  const { headers } = await client.get("/challenge");
  const anyOrigin = headers["access-control-allow-origin"] === "*";
  // The portal itself may be one of the addresses.
  const isRelay = (await client.get("/healthz")).status === 404;
  const found = [
    ...(anyOrigin
      ? []
      : [fault(`${name}: pages may not ask it: access-control-allow-origin is missing`, PASS_HEADERS)]),
    ...(isRelay ? headerFaults(name, published) : []),
    ...(await connectionWarnings(way, published)),
    ...expiringCertificate(name, published, now, "ask whoever runs it to renew it"),
  ];
  return { leads: anyOrigin, results: orOk(found, `${name} ${isRelay ? "is a relay to" : "is"} this portal`) };
}

function headerFaults(name: string, { headers }: HttpResponse): CheckResult[] {
  const wrong = Object.entries(RELAY_HEADERS).filter(([header, value]) => headers[header] !== value);
  const found = wrong.map(([header]) => fault(`${name}: ${header} is not a relay's own`, PASS_HEADERS));
  if (headers["set-cookie"] !== undefined) found.push(fault(`${name} sets a cookie`, PASS_HEADERS));
  return found;
}

async function connectionWarnings({ client, shakeHands }: Way, answer: HttpResponse): Promise<CheckResult[]> {
  const { name, url } = client;
  if (url.hostname.endsWith(".onion")) return [];
  const protocol = shakeHands === null ? null : (await shakeHands()).protocol;
  return lastingConnections(name, answer, protocol, { staysOpen: CLOSE, offered: CLOSE });
}
