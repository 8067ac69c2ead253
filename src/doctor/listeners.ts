import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { nullIfMissing } from "../files/index.js";
import { type CheckResult, fault, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";
import { type ProxySettings, readProxySettings } from "./proxy-settings.js";

export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** How the portal tells visitors apart at its main listener. */
export type Clients = "socket" | "proxy_protocol" | "forwarded";

export interface Listeners {
  readonly listen: Address;
  /** Always with a PROXY line. */
  readonly onionListen: Address | null;
  readonly pickupListen: Address | null;
  readonly clients: Clients;
}

const GROUP = 0o070;
const OTHERS = 0o007;
const NAME_THEM: Readonly<Record<ProxySettings["kind"], string>> = {
  nginx: "set proxy_set_header X-Forwarded-For $remote_addr; beside proxy_pass, and reload nginx",
  caddy: "take header_up X-Forwarded-For out of reverse_proxy, and reload Caddy",
  tor: "set HiddenServiceExportCircuitID haproxy in the onion service, and reload Tor",
};
const NGINX_NAMES =
  /^proxy_set_header\s+X-Forwarded-For\s+"?\$(?:remote_addr|proxy_add_x_forwarded_for|realip_remote_addr|proxy_protocol_addr)\b/i;
const CADDY_NAMES = /^header_up\s+X-Forwarded-For\s+\{(?:remote_host|client_ip|http\.request\.remote\.host)\}$/i;
const TOR_ELSEWHERE =
  "set POSTERN_ONION_LISTEN=unix:/run/postern-onion/onion.sock, and name that socket in HiddenServicePort";

/** The settings of one onion service: from its HiddenServiceDir to the next. */
export function onionServices({ kind, statements }: ProxySettings): (readonly string[])[] {
  if (kind !== "tor") return [];
  const starts = statements.flatMap((each, index) => (/^HiddenServiceDir\s/i.test(each) ? [index] : []));
  return starts.map((start, index) => statements.slice(start, starts[index + 1]));
}

/** Whether any of a proxy's statements leads to `address`. */
export function leadsTo(statements: readonly string[], address: Address | null): boolean {
  if (address === null) return false;
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const target =
    "path" in address
      ? new RegExp(`unix:?/?${escaped(address.path)}(?![\\w./-])`)
      : new RegExp(`(?:localhost|\\[::1\\]|127\\.0\\.0\\.1|${escaped(address.host)}):${address.port}(?!\\d)`);
  return statements.some((each) => target.test(each));
}

/** Each listener must be reached only by proxies that tell visitors apart in the way it expects. */
export async function checkToldApart(
  machine: Machine,
  proxyConfigs: readonly string[],
  listeners: Listeners,
): Promise<readonly CheckResult[]> {
  const proxies = await readProxySettings(machine, proxyConfigs);
  const found = proxies.flatMap((proxy) => [
    ...onionServices(proxy).flatMap((service) => onionFaults(proxy.path, service, listeners)),
    ...(proxy.kind === "tor" ? [] : clearFaults(proxy, listeners)),
  ]);
  return orOk(found, "no proxy on this machine hides visitors from one another or lets them forge who they are");
}

function onionFaults(path: string, service: readonly string[], { listen, onionListen, clients }: Listeners) {
  const tells = service.some((each) => /^HiddenServiceExportCircuitID\s+haproxy$/i.test(each));
  const untold = `${path}: Tor does not tell circuits apart`;
  const tell = "set HiddenServiceExportCircuitID haproxy in the onion service, and reload Tor";
  if (leadsTo(service, onionListen)) return tells ? [] : [fault(`${untold}, so nobody gets an answer`, tell)];
  if (!leadsTo(service, listen)) return [];
  if (clients === "proxy_protocol") return tells ? [] : [fault(`${untold}, so nobody gets an answer`, tell)];
  if (tells) {
    return [
      fault(`${path}: Tor sends a PROXY line to a listener without one, so nobody gets an answer`, TOR_ELSEWHERE),
    ];
  }
  return clients === "forwarded"
    ? [fault(`${path}: visitors of the onion service can forge X-Forwarded-For`, TOR_ELSEWHERE)]
    : [warning(`${untold}: all of its visitors share one limit`, TOR_ELSEWHERE)];
}

function clearFaults({ kind, path, statements }: ProxySettings, { listen, onionListen, clients }: Listeners) {
  if (leadsTo(statements, onionListen)) {
    return [fault(`${path}: it leads to POSTERN_ONION_LISTEN, which is for Tor`, "lead it to POSTERN_LISTEN")];
  }
  if (!leadsTo(statements, listen)) return [];
  const sendsLine = statements.some((each) => /^proxy_protocol(?:\s+(?:v[12]|on))?$/.test(each));
  if (clients === "proxy_protocol" && !(kind === "caddy" && sendsLine)) {
    const without = `${path}: it sends no PROXY line, which POSTERN_PROXY_PROTOCOL expects, so nobody gets an answer`;
    return [fault(without, "set POSTERN_TRUST_PROXY=yes instead; for Tor, set POSTERN_ONION_LISTEN")];
  }
  if (clients === "socket") {
    return [fault(`${path}: to the portal, all of its visitors are one`, "set POSTERN_TRUST_PROXY=yes")];
  }
  return clients === "forwarded" && !names(kind, statements)
    ? [fault(`${path}: it does not say who a visitor is, so visitors can forge it`, NAME_THEM[kind])]
    : [];
}

/** Whether the proxy writes X-Forwarded-For: nginx passes on a visitor's own unless told to write one, Caddy never. */
function names(kind: ProxySettings["kind"], statements: readonly string[]): boolean {
  if (kind === "nginx") return statements.some((each) => NGINX_NAMES.test(each));
  return statements.every((each) => !/^header_up\s+[-+>?]?X-Forwarded-For\b/i.test(each) || CADDY_NAMES.test(each));
}

/** A public proxy that is taken over must not reach the staff's listener. */
export async function checkListenersApart(
  machine: Machine,
  proxyConfigs: readonly string[],
  { listen, onionListen, pickupListen }: Listeners,
): Promise<readonly CheckResult[]> {
  if (pickupListen === null) return orOk([], "the staff's pages are off");
  const found: CheckResult[] = [];
  for (const { path, statements } of await readProxySettings(machine, proxyConfigs)) {
    const serves = leadsTo(statements, listen) || leadsTo(statements, onionListen);
    if (serves && leadsTo(statements, pickupListen)) {
      const fix = "serve staff by another proxy, of another user: see deploy/torrc-pickup";
      found.push(warning(`${path}: one proxy serves both strangers and staff`, fix));
    }
  }
  if (!("path" in pickupListen)) {
    const fix = "set POSTERN_PICKUP_LISTEN=unix:/run/postern-pickup/pickup.sock";
    found.push(warning("the staff's pages listen on a port, which every program on this machine reaches", fix));
    return found;
  }
  const staff = pickupListen.path;
  for (const address of [listen, onionListen]) {
    if (address !== null && "path" in address) found.push(...(await sharedBy(address.path, staff)));
  }
  return orOk([...found, ...(await openTo(staff))], "what serves strangers cannot reach the staff's pages");
}

async function sharedBy(open: string, staff: string): Promise<CheckResult[]> {
  const fix = "use another folder, of another group: see deploy/postern-tmpfiles.conf";
  if (dirname(open) === dirname(staff)) return [fault(`${open} and ${staff} share a folder`, fix)];
  const [one, two] = await Promise.all([open, staff].map((path) => stat(path).catch(nullIfMissing)));
  if (!one || !two || (two.mode & GROUP) === 0 || one.gid !== two.gid) return [];
  return [fault(`${open} and ${staff} belong to one group`, fix)];
}

async function openTo(staff: string): Promise<CheckResult[]> {
  const about = await stat(staff).catch(nullIfMissing);
  if (about === null) return [warning(`there is no socket at ${staff}`, "start the portal")];
  return (about.mode & OTHERS) === 0 ? [] : [fault(`${staff} is open to everybody`, `chmod o= ${staff}`)];
}
