import { HttpClient, isLoopback, type SocksProxy } from "../http-client/index.js";
import type { Ways } from "../server/index.js";
import { checkCertificates, checkNoSecretKey } from "./certificates.js";
import { type Check, type Finding, runCheck } from "./check.js";
import { checkClock } from "./clock.js";
import { checkConnectionLimits } from "./connection-limits.js";
import { checkCoreDumps } from "./core-dumps.js";
import { checkStoreDisk, checkSwap } from "./encryption.js";
import { handshakeWith } from "./handshake.js";
import { checkHeaders } from "./headers.js";
import { checkHealth } from "./health.js";
import { checkJournal } from "./journal.js";
import { type Address, type Clients, checkListenersApart, checkToldApart, type Listeners } from "./listeners.js";
import { Machine } from "./machine.js";
import { checkMailServer, type FindServers, findServers, type MailPlace } from "./mail.js";
import { checkAnswers, checkResolvers } from "./mail-senders.js";
import { checkNarrow } from "./narrow.js";
import { checkOnionGroup } from "./onion-group.js";
import { checkApart, checkKeysGuarded, checkPrivate } from "./permissions.js";
import { checkPickupHidden } from "./pickup.js";
import { checkProgram } from "./program.js";
import { checkProxyLogs } from "./proxy-logs.js";
import { checkRelays, waysTo } from "./relays.js";
import { checkSecretFiles } from "./secret-files.js";
import { checkReached, checkSpace } from "./space.js";
import { checkTransport } from "./transport.js";
import { checkWayKeys } from "./way-keys.js";

/** The settings of the deployment to examine. */
export interface Deployment extends Listeners {
  readonly keys: string;
  /** The folder of the program, with its package.json. */
  readonly program: string;
  /** The store's folder, or the spool if the store is an object store. */
  readonly store: string;
  /** Opens the object store; null or absent for a folder. */
  readonly reachStore?: (() => Promise<unknown>) | null;
  readonly staff: string;
  /** Letters by email; null or absent where none are taken. */
  readonly mail?: MailPlace | null;
  /** How the offline form sends; null or absent where it only makes files. */
  readonly ways?: Ways | null;
  /** Files that hold keys and passwords, besides those of the folders. */
  readonly secretFiles?: readonly string[];
  /** Bytes. */
  readonly minFree: number;
  /** Bytes. */
  readonly maxSubmission: number;
}

export interface ExaminationOptions {
  /** The addresses that visitors use. */
  readonly urls: readonly URL[];
  /** Servers to compare this machine's clock with. */
  readonly clocks: readonly URL[];
  readonly socks: SocksProxy | null;
  readonly proxyConfigs: readonly string[];
  readonly languages: readonly string[];
  readonly machine?: Machine;
  readonly now?: () => Date;
  /** Asks the DNS; for tests. */
  readonly findServers?: FindServers;
}

/** Examines a deployment on its machine, and from outside at each of its addresses. */
export async function* examineDeployment(deployment: Deployment, options: ExaminationOptions): AsyncIterable<Finding> {
  for (const check of checks(deployment, options)) yield* await runCheck(check);
}

function checks(deployment: Deployment, options: ExaminationOptions): Check[] {
  const { keys, program, store, reachStore = null, staff, mail = null, minFree, maxSubmission } = deployment;
  const { listen, onionListen, pickupListen, clients, ways = null, secretFiles = [] } = deployment;
  const { urls, clocks, socks, proxyConfigs, languages, machine = new Machine(), now = () => new Date() } = options;
  const folders = { keys, store, staff: pickupListen === null ? null : staff };
  const local = localClient(listen, clients);
  const outside = urls.map((url) => new HttpClient(url, { proxy: socks }));
  const check = (subject: string, run: Check["run"]): Check => ({ subject, run });
  const wayChecks = (known: Ways) => [
    check("relays", () => checkWayKeys(local, known, languages[0] ?? "")),
    check("relays", () => checkRelays(local, waysTo(known.addresses, socks), now())),
  ];
  return [
    check("certificates", () => checkCertificates(keys, now())),
    check("secret keys", () => checkNoSecretKey([keys, store])),
    check("clock", () => checkClock(now(), [...clocks.map((url) => new HttpClient(url)), ...outside])),
    check("folders", () => checkPrivate(folders)),
    check("keys", () => checkKeysGuarded(folders)),
    check("program", () => checkProgram(machine, program, store)),
    check("apart", () => checkApart(folders)),
    ...(secretFiles.length === 0 ? [] : [check("secrets", () => checkSecretFiles(machine, secretFiles, store))]),
    ...(reachStore === null ? [] : [check("store", () => checkReached(reachStore))]),
    check("space", () => checkSpace(store, minFree, maxSubmission)),
    check("disk", () => checkStoreDisk(machine, store)),
    check("swap", () => checkSwap(machine)),
    check("core dumps", () => checkCoreDumps(machine)),
    check("journal", () => checkJournal(machine)),
    check("proxy", () => checkProxyLogs(machine, proxyConfigs)),
    check("visitors", () => checkToldApart(machine, proxyConfigs, deployment)),
    check("connections", () => checkConnectionLimits(machine, proxyConfigs, deployment)),
    check("listeners", () => checkListenersApart(machine, proxyConfigs, deployment)),
    check("onion", () => checkOnionGroup(machine, proxyConfigs, deployment)),
    check("portal", () => checkHealth(local)),
    check("portal", () => checkHeaders(local, languages)),
    ...(onionListen === null ? [] : [check("onion", () => checkHealth(localClient(onionListen, "proxy_protocol")))]),
    ...(ways === null ? [] : wayChecks(ways)),
    ...(mail === null ? [] : [check("mail", () => checkMailServer(mail, now(), options.findServers ?? findServers))]),
    ...(mail?.resolvers ? [check("senders", () => checkResolvers(mail.resolvers ?? [], mail.addresses))] : []),
    ...(mail?.answer ? [check("answers", () => checkAnswers(mail.answer?.server ?? ""))] : []),
    ...outside.flatMap((client) => [
      check("outside", () => checkHealth(client)),
      check("outside", () => checkTransport(client, withoutTls(client, socks), now())),
      check("outside", () => checkHeaders(client, languages)),
      check("narrow networks", () => checkNarrow(client, languages[0] ?? "", handshakeWith(client.url, socks))),
      ...pickupAddresses(client.url, pickupListen).map(([host, port]) =>
        check("pickup", () => checkPickupHidden(host, port)),
      ),
    ]),
  ];
}

/** Connects to the portal's listener, without any proxy. */
function localClient(listen: Address, clients: Clients): HttpClient {
  // The PROXY line of a proxy that does not know its client.
  const route = clients === "proxy_protocol" ? { preamble: "PROXY UNKNOWN\r\n" } : {};
  if ("path" in listen) return new HttpClient(new URL("http://portal/"), { ...route, socketPath: listen.path });
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return new HttpClient(new URL(`http://${host}:${listen.port}/`), route);
}

function withoutTls({ url }: HttpClient, proxy: SocksProxy | null): HttpClient | null {
  if (url.protocol !== "https:" || url.port !== "") return null;
  return new HttpClient(new URL(`http://${url.hostname}/`), { proxy });
}

/** Where the staff's pages would answer if they were exposed. An onion service forwards only the ports it names. */
function pickupAddresses({ hostname }: URL, pickup: Address | null): [host: string, port: number][] {
  if (pickup === null || "path" in pickup || hostname.endsWith(".onion") || isLoopback(hostname)) return [];
  return [[hostname, pickup.port]];
}
