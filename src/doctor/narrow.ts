import type { HttpClient } from "../http-client/index.js";
import { type CheckResult, ok, orOk, warning } from "./check.js";
import type { Handshake } from "./handshake.js";
import { lastingConnections } from "./lasting-connections.js";

const MAX_ANSWER_BYTES = 8 * 1024;
/** A short ECDSA chain takes 3 KB; RSA and a cross-signed root take 5 KB. */
const MAX_HANDSHAKE_BYTES = 4 * 1024;
/** What a browser asks for: the same encodings, and to keep the connection. */
const BROWSER = { "Accept-Encoding": "gzip, deflate, br", Connection: "keep-alive" };
const FIXES = {
  staysOpen: "let the proxy close them, as deploy/ shows; leave POSTERN_KEEP_ALIVE at no",
  offered: "turn it off in the proxy: it is one long connection",
};

/**
 * Many networks in Russia silence a connection after some 25 packets. What a visitor needs must come in short answers,
 * each on a connection for itself.
 * @param shakeHands null where the address is reached through a proxy, or without TLS
 */
export async function checkNarrow(
  client: HttpClient,
  language: string,
  shakeHands: (() => Promise<Handshake>) | null,
): Promise<readonly CheckResult[]> {
  const { hostname } = client.url;
  if (hostname.endsWith(".onion")) return [ok(`${client.name}: Tor's connections are not counted`)];
  const page = await client.get(`/${language}/`, BROWSER);
  const handshake = shakeHands === null ? null : await shakeHands();
  const found = [
    ...lastingConnections(client.name, page, handshake?.protocol ?? null, FIXES),
    ...longHandshake(client.name, handshake),
    ...(await longAnswers(client, language)),
  ];
  return orOk(found, `${client.name}: each answer has a connection and is at most 8 KiB`);
}

function longHandshake(name: string, handshake: Handshake | null): CheckResult[] {
  if (handshake === null || handshake.bytes <= MAX_HANDSHAKE_BYTES) return [];
  const fix = "get an ECDSA certificate with the shortest chain that the authority has";
  return [warning(`${name}: the TLS handshake takes ${handshake.bytes} bytes`, fix)];
}

/** The page, and the scripts and stylesheets that it names. */
async function longAnswers(client: HttpClient, language: string): Promise<CheckResult[]> {
  const plain = await client.get(`/${language}/`);
  const named = plain.body.matchAll(/<(?:script|link rel="stylesheet")[^>]* (?:src|href)="(\/[^"]+)"/g);
  const found: CheckResult[] = [];
  for (const path of [`/${language}/`, ...Array.from(named, ([, path = ""]) => path)]) {
    const { bytes, headers } = await client.get(path, BROWSER);
    const length = bytes.length + JSON.stringify(headers).length;
    if (length > MAX_ANSWER_BYTES) {
      const fix = "let the proxy pass on what the portal has compressed, or shorten your form";
      found.push(warning(`${client.name}${path} takes ${length} bytes`, fix));
    }
  }
  return found;
}
