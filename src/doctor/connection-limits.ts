import { type CheckResult, orOk, warning } from "./check.js";
import { type Listeners, leadsTo, onionServices } from "./listeners.js";
import type { Machine } from "./machine.js";
import { type ProxySettings, readProxySettings, settingLines } from "./proxy-settings.js";

const FIREWALL = "/etc/nftables.conf";
/** Stops a loop of includes. */
const MAX_INCLUDED_FILES = 50;

/**
 * Something before the portal must limit the connections of one visitor: at the portal they all come from the proxy,
 * and those without a request never arrive.
 */
export async function checkConnectionLimits(
  machine: Machine,
  proxyConfigs: readonly string[],
  { listen, onionListen }: Pick<Listeners, "listen" | "onionListen">,
): Promise<readonly CheckResult[]> {
  const serving = (statements: readonly string[]) => leadsTo(statements, listen) || leadsTo(statements, onionListen);
  const proxies = await readProxySettings(machine, proxyConfigs);
  const clear = proxies.filter(({ kind, statements }) => kind !== "tor" && serving(statements));
  const found = [
    ...clear.flatMap(nginxLimits),
    ...proxies.flatMap((proxy) =>
      onionServices(proxy)
        .filter(serving)
        .flatMap((each) => torLimits(proxy.path, each)),
    ),
  ];
  if (clear.length > 0 && !(await firewallLimits(machine, FIREWALL))) {
    const fix = "load deploy/postern.nft, which counts connections before their first byte";
    found.push(warning(`${FIREWALL} does not limit the connections of one address`, fix));
  }
  return orOk(found, "the proxies on this machine limit the connections of one visitor");
}

function nginxLimits({ kind, path, statements }: ProxySettings): CheckResult[] {
  if (kind !== "nginx" || statements.some((each) => /^limit_conn\s/.test(each))) return [];
  const fix = "set limit_conn_zone and limit_conn, as in deploy/nginx.conf";
  return [warning(`${path}: nginx does not limit the connections of one address`, fix)];
}

function torLimits(path: string, service: readonly string[]): CheckResult[] {
  const limited = service.some((each) => /^HiddenServiceMaxStreams\s+[1-9]/i.test(each));
  const closes = service.some((each) => /^HiddenServiceMaxStreamsCloseCircuit\s+1$/i.test(each));
  if (limited && closes) return [];
  const fix = "set HiddenServiceMaxStreams 64 and HiddenServiceMaxStreamsCloseCircuit 1 in the onion service";
  return [warning(`${path}: Tor does not limit the connections of one visitor`, fix)];
}

/** Whether nftables' settings, with what they include, count connections. */
async function firewallLimits(machine: Machine, first: string): Promise<boolean> {
  const seen = new Set<string>();
  const waiting = [first];
  for (let next = waiting.shift(); next !== undefined && seen.size < MAX_INCLUDED_FILES; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const line of settingLines((await machine.read(next)) ?? "")) {
      if (/\bct count over \d/.test(line)) return true;
      const pattern = /^include\s+"([^"]+)"/.exec(line)?.[1];
      if (pattern !== undefined) waiting.push(...(await machine.match(pattern)));
    }
  }
  return false;
}
