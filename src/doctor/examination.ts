import { Asker, type SocksProxy } from "../http-client/index.js";
import { checkCertificates, checkNoSecretKey } from "./certificates.js";
import { checkClock } from "./clock.js";
import { checkCoreDumps } from "./core-dumps.js";
import { Machine } from "./machine.js";
import { checkHeaders, checkHealth, checkPickupHidden, checkTransport } from "./outside.js";
import { checkApart, checkKeysGuarded, checkPrivate } from "./permissions.js";
import { checkProxyLogs } from "./proxy-logs.js";
import { checkReached, checkSpace } from "./space.js";
import { checkStoreDisk, checkSwap } from "./swap.js";
import { type Check, examine, type Finding } from "./verdict.js";

type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** What there is to examine. */
export interface Deployment {
  readonly keys: string;
  /** The store's folder, or where the portal spools on this machine if its store is elsewhere. */
  readonly store: string;
  /** Opens a store that is elsewhere, or null. */
  readonly reachStore?: (() => Promise<unknown>) | null;
  readonly staff: string;
  readonly listen: Address;
  readonly pickupListen: Address | null;
  readonly minFree: number;
  readonly maxSubmission: number;
  readonly clients: "socket" | "proxy_protocol" | "forwarded";
}

export interface ExaminationOptions {
  /** Where visitors come. */
  readonly urls: readonly URL[];
  /** Servers whose clocks are compared with this one's. */
  readonly clocks: readonly URL[];
  readonly socks: SocksProxy | null;
  readonly proxyConfigs: readonly string[];
  readonly languages: readonly string[];
  readonly machine?: Machine;
  readonly now?: () => Date;
}

/** Looks at a deployment from the machine that it runs on, and from outside at each of its addresses. */
export async function* examineDeployment(deployment: Deployment, options: ExaminationOptions): AsyncIterable<Finding> {
  for (const check of checks(deployment, options)) yield* await examine(check);
}

function checks(deployment: Deployment, options: ExaminationOptions): Check[] {
  const { keys, store, reachStore = null, staff, listen, pickupListen, minFree, maxSubmission, clients } = deployment;
  const { urls, clocks, socks, proxyConfigs, languages, machine = new Machine(), now = () => new Date() } = options;
  const folders = { keys, store, staff: pickupListen === null ? null : staff };
  const own = ownAsker(listen, clients);
  const outside = urls.map((url) => new Asker(url, { proxy: socks }));
  const check = (subject: string, run: Check["run"]): Check => ({ subject, run });
  return [
    check("certificates", () => checkCertificates(keys, now())),
    check("secret keys", () => checkNoSecretKey([keys, store])),
    check("clock", () => checkClock(now(), [...clocks.map((url) => new Asker(url)), ...outside])),
    check("folders", () => checkPrivate(folders)),
    check("keys", () => checkKeysGuarded(folders)),
    check("apart", () => checkApart(folders)),
    ...(reachStore === null ? [] : [check("store", () => checkReached(reachStore))]),
    check("space", () => checkSpace(store, minFree, maxSubmission)),
    check("disk", () => checkStoreDisk(machine, store)),
    check("swap", () => checkSwap(machine)),
    check("core dumps", () => checkCoreDumps(machine)),
    check("proxy", () => checkProxyLogs(machine, proxyConfigs)),
    check("portal", () => checkHealth(own)),
    check("portal", () => checkHeaders(own, languages)),
    ...outside.flatMap((asker) => [
      check("outside", () => checkHealth(asker)),
      check("outside", () => checkTransport(asker, plainOf(asker, socks), now())),
      check("outside", () => checkHeaders(asker, languages)),
      ...hiddenPickup(asker.url, pickupListen).map(([host, port]) =>
        check("pickup", () => checkPickupHidden(host, port)),
      ),
    ]),
  ];
}

/** The portal where it listens, past every proxy. */
function ownAsker(listen: Address, clients: Deployment["clients"]): Asker {
  // What a proxy would put first, about nobody.
  const way = clients === "proxy_protocol" ? { preamble: "PROXY UNKNOWN\r\n" } : {};
  if ("path" in listen) return new Asker(new URL("http://portal/"), { ...way, socketPath: listen.path });
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return new Asker(new URL(`http://${host}:${listen.port}/`), way);
}

/** The same host without TLS. */
function plainOf({ url }: Asker, proxy: SocksProxy | null): Asker | null {
  if (url.protocol !== "https:" || url.port !== "") return null;
  return new Asker(new URL(`http://${url.hostname}/`), { proxy });
}

/** Where the staff's pages would be if they could be reached; an onion service forwards nothing but what it names. */
function hiddenPickup({ hostname }: URL, pickup: Address | null): [host: string, port: number][] {
  if (pickup === null || "path" in pickup || hostname.endsWith(".onion")) return [];
  if (/^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname)) return [];
  return [[hostname, pickup.port]];
}
