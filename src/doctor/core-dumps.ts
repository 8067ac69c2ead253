import type { Machine } from "./machine.js";
import { fault, ok, orElse, type Verdict, warning } from "./verdict.js";

const CURE = "set LimitCORE=0 in the portal's systemd unit, or ulimit -c 0 before it starts, and restart it";
/** What runs `postern serve`: node, the program, and its first word. */
const SERVING = /(?:^|\0)[^\0]*(?:cli\/main\.js|postern)\0serve(?:\0|$)/;

/** A process that dies may leave its memory on the disk, with a letter in it. */
export async function checkCoreDumps(machine: Machine): Promise<readonly Verdict[]> {
  const pattern = ((await machine.read("/proc/sys/kernel/core_pattern")) ?? "").trim();
  const settings = (await machine.read("/etc/systemd/coredump.conf")) ?? "";
  const kept = !(pattern.includes("systemd-coredump") && /^\s*Storage\s*=\s*none\s*$/im.test(settings));
  if (!kept) return [ok("systemd-coredump keeps no core dumps")];
  const processes = await serving(machine);
  const limits = await Promise.all(processes.map((id) => limitOf(machine, id)));
  const open = processes.filter((_id, index) => limits[index] !== "0");
  const verdicts = open.map((id) => fault(`the portal, process ${id}, may leave a core dump on the disk`, CURE));
  // A program behind a pipe is started whatever the limit is; that of systemd asks for it by itself.
  if (pattern.startsWith("|") && !pattern.includes("systemd-coredump")) {
    verdicts.push(
      warning(`core dumps are given to ${pattern.slice(1).split(" ")[0]}`, "set kernel.core_pattern=core by sysctl"),
    );
  }
  if (processes.length === 0) {
    verdicts.push(warning("no running portal was found, so its limit on core dumps is not known", CURE));
  }
  return orElse(verdicts, "the portal leaves no core dump");
}

async function serving(machine: Machine): Promise<string[]> {
  const ids = (await machine.list("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => SERVING.test((await machine.read(`/proc/${id}/cmdline`).catch(() => null)) ?? "")),
  );
  return ids.filter((_id, index) => found[index]);
}

/** The soft limit, bytes or `unlimited` (proc(5), limits); null if it cannot be read. */
async function limitOf(machine: Machine, id: string): Promise<string | null> {
  const limits = (await machine.read(`/proc/${id}/limits`)) ?? "";
  return /^Max core file size\s+(\S+)/m.exec(limits)?.[1] ?? null;
}
