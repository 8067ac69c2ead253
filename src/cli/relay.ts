import { readFileSync } from "node:fs";
import { Fault } from "../core/index.js";
import { isLoopback, readSocksProxy } from "../http-client/index.js";
import { createRelayServer, type RelayServerParts } from "../relay-server/index.js";
import { listen, untilSignal } from "./listen.js";
import { LISTEN_ADDRESS, readListenAddress } from "./listen-address.js";
import { readRelaySecrets } from "./relay-secrets.js";

export class RelayError extends Fault<"bad_address" | "bad_secret"> {}

export interface RelayOptions {
  readonly to: string;
  readonly socks?: string;
  readonly secretFile?: string;
  readonly listen: string;
  readonly clients: RelayServerParts["clients"];
}

/** After a signal, for what is under way: a piece of an upload is sent again where it was cut off. */
const DRAIN_MS = 10_000;

/**
 * `postern relay`: prints its address, and nothing else for as long as it runs.
 * @throws RelayError for an address that it must not pass on to, or cannot listen at, and for a file without one secret
 */
export async function relay(options: RelayOptions): Promise<void> {
  const proxy = options.socks === undefined ? null : readSocksProxy(options.socks);
  if (proxy === null && options.socks !== undefined) {
    throw new RelayError("bad_address", `${options.socks}: expected HOST:PORT, such as 127.0.0.1:9050`);
  }
  const portal = portalAddress(options.to, proxy !== null);
  const address = readListenAddress(options.listen);
  if (address === null) {
    throw new RelayError("bad_address", `${options.listen}: expected ${LISTEN_ADDRESS}`);
  }
  const secret = options.secretFile === undefined ? null : readSecret(options.secretFile);
  const server = createRelayServer({ portal, proxy, clients: options.clients, secret });
  const stopped = untilSignal();
  process.stdout.write(`${await listen(server, address)}\n`);
  await stopped;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  await closed;
}

/** What the portal's operator has given to this relay. @throws RelayError */
function readSecret(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new RelayError("bad_secret", `cannot read ${path}`, { cause });
  }
  const [secret, ...more] = readRelaySecrets(text) ?? [];
  if (secret !== undefined && more.length === 0) return secret;
  throw new RelayError("bad_secret", `${path}: expected one line of 64 hex digits, as the portal's operator has it`);
}

/** Whoever is between a relay and its portal must not see more than the relay does. @throws RelayError */
function portalAddress(text: string, proxied: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search + url.hash !== "") {
    throw new RelayError("bad_address", `${text}: expected the portal's address, https://NAME/, without a path`);
  }
  if (url.username + url.password !== "") throw new RelayError("bad_address", "the address must not hold a password");
  const onion = url.hostname.endsWith(".onion");
  if (onion && !proxied) {
    throw new RelayError("bad_address", `${url.hostname} is reached through Tor: add --socks 127.0.0.1:9050`);
  }
  if (url.protocol === "http:" && !onion && !isLoopback(url.hostname)) {
    throw new RelayError("bad_address", `${text}: expected https://, except for an onion service`);
  }
  return url;
}
