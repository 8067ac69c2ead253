import { type CheckResult, fault, ok, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";

const FIX = "set LimitCORE=0 in the portal's systemd unit, or run ulimit -c 0 before it starts, and restart it";
/** What reads no dump: docs/OPERATIONS.md sets such a one. */
const KEEPS_NOTHING = /^(?:\/usr)?\/bin\/(?:false|true)$/;
/** The command line of `postern serve`: node, the program, and its first argument. */
const SERVING = /(?:^|\0)[^\0]*(?:cli\/main\.js|postern)\0serve(?:\0|$)/;

/** A crash must not write the portal's memory to the disk: it may hold a letter in plaintext. */
export async function checkCoreDumps(machine: Machine): Promise<readonly CheckResult[]> {
  const pattern = ((await machine.read("/proc/sys/kernel/core_pattern")) ?? "").trim();
  const settings = (await machine.read("/etc/systemd/coredump.conf")) ?? "";
  if (pattern.includes("systemd-coredump") && /^\s*Storage\s*=\s*none\s*$/im.test(settings)) {
    return [ok("systemd-coredump stores no core dumps")];
  }
  const processes = await findPortals(machine);
  const limits = await Promise.all(processes.map((id) => softLimitOf(machine, id)));
  const unlimited = processes.filter((_id, index) => limits[index] !== "0");
  const results = unlimited.map((id) => fault(`the portal, process ${id}, can write a core dump to the disk`, FIX));
  // The kernel pipes a dump to a program whatever the limit; only systemd-coredump checks the limit itself.
  const program = pattern.startsWith("|") ? (pattern.slice(1).trim().split(" ")[0] ?? "") : "";
  if (program !== "" && !pattern.includes("systemd-coredump") && !KEEPS_NOTHING.test(program)) {
    results.push(
      warning(`the kernel pipes core dumps to ${program}`, "set kernel.core_pattern=|/bin/false with sysctl"),
    );
  }
  if (processes.length === 0) {
    results.push(warning("no portal is running, so its core dump limit is unknown", FIX));
  }
  return orOk(results, "the portal writes no core dump");
}

/** Process ids of running portals. */
async function findPortals(machine: Machine): Promise<string[]> {
  const ids = (await machine.list("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => SERVING.test((await machine.read(`/proc/${id}/cmdline`).catch(() => null)) ?? "")),
  );
  return ids.filter((_id, index) => found[index]);
}

/** The soft limit in bytes, or `unlimited` (proc(5), limits); null if it cannot be read. */
async function softLimitOf(machine: Machine, id: string): Promise<string | null> {
  const limits = (await machine.read(`/proc/${id}/limits`)) ?? "";
  return /^Max core file size\s+(\S+)/m.exec(limits)?.[1] ?? null;
}
