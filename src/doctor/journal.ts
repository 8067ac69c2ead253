import { type CheckResult, ok, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";
import { settingLines } from "./proxy-settings.js";

const FIX = "set Storage=volatile in /etc/systemd/journald.conf, restart systemd-journald, and delete /var/log/journal";
/** In the order in which the later one counts (journald.conf(5)). */
const SETTINGS = [
  "/usr/lib/systemd/journald.conf",
  "/etc/systemd/journald.conf",
  "/usr/lib/systemd/journald.conf.d/*.conf",
  "/run/systemd/journald.conf.d/*.conf",
  "/etc/systemd/journald.conf.d/*.conf",
];

/** A log that stays on the disk tells when there were letters, since each line has its time. */
export async function checkJournal(machine: Machine): Promise<readonly CheckResult[]> {
  const found: CheckResult[] = [];
  const storage = await storageOf(machine);
  const kept = (await machine.about("/var/log/journal")) !== null;
  if (storage === "persistent" || (storage === "auto" && kept)) {
    found.push(warning("the journal stays on the disk, with the time of each line", FIX));
  }
  if ((await machine.about("/etc/rsyslog.conf")) !== null) {
    found.push(warning("rsyslog copies the journal to the disk", "apt purge rsyslog, and delete the old logs"));
  }
  if (found.length === 0 && storage === null) return [ok("there is no journal on this machine")];
  return orOk(found, "the journal is in memory only");
}

/** Null where there is no journald. */
async function storageOf(machine: Machine): Promise<string | null> {
  let storage = (await machine.about("/run/systemd/journal")) === null ? null : "auto";
  for (const pattern of SETTINGS) {
    for (const path of await machine.match(pattern)) {
      for (const line of settingLines((await machine.read(path)) ?? "")) {
        storage = /^Storage\s*=\s*(\w+)$/i.exec(line)?.[1]?.toLowerCase() ?? storage;
      }
    }
  }
  return storage;
}
