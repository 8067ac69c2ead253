import { stat } from "node:fs/promises";
import { nullIfMissing } from "../files/index.js";
import { type CheckResult, fault, orOk } from "./check.js";
import { type Listeners, leadsTo, onionServices } from "./listeners.js";
import type { Machine } from "./machine.js";
import { type ProxySettings, readProxySettings } from "./proxy-settings.js";

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;

/** Tor drops every supplementary group when it changes its user: a socket must belong to its own group. */
export async function checkOnionGroup(
  machine: Machine,
  proxyConfigs: readonly string[],
  { listen, onionListen, pickupListen }: Listeners,
): Promise<readonly CheckResult[]> {
  const found: CheckResult[] = [];
  const groups = await primaryGroups(machine);
  for (const proxy of await readProxySettings(machine, proxyConfigs)) {
    const user = torUser(proxy);
    const group = groups.get(user);
    if (proxy.kind !== "tor" || group === undefined) continue;
    for (const address of [listen, onionListen, pickupListen]) {
      if (address === null || !("path" in address)) continue;
      if (!onionServices(proxy).some((service) => leadsTo(service, address))) continue;
      const socket = await stat(address.path).catch(nullIfMissing);
      if (socket === null || (socket.mode & OTHERS_WRITE) !== 0) continue;
      if (socket.gid === group && (socket.mode & GROUP_WRITE) !== 0) continue;
      const file = address === pickupListen ? "postern-pickup.conf" : "postern-onion.conf";
      const fix = `install deploy/${file} in /etc/tmpfiles.d, run systemd-tmpfiles --create, and restart the portal`;
      found.push(fault(`${proxy.path}: Tor's user ${user} cannot connect to ${address.path}`, fix));
    }
  }
  return orOk(found, "every Tor of this machine reaches the sockets that it names");
}

function torUser({ path, statements }: ProxySettings): string {
  const named = statements.map((each) => /^User\s+(\S+)$/i.exec(each)?.[1]).find((each) => each !== undefined);
  const instance = /\/instances\/([^/]+)\/torrc$/.exec(path)?.[1];
  return named ?? (instance === undefined ? "debian-tor" : `_tor-${instance}`);
}

/** Group ids by user. */
async function primaryGroups(machine: Machine): Promise<ReadonlyMap<string, number>> {
  const users = ((await machine.read("/etc/passwd")) ?? "").split("\n").map((line) => line.split(":"));
  return new Map(users.map(([name = "", , , gid = ""]) => [name, Number(gid)]));
}
