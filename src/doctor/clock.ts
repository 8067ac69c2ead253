import { dayOf } from "../core/index.js";
import type { HttpClient } from "../http-client/index.js";
import { type CheckResult, fault, ok, warning } from "./check.js";

/** Release date of this version: a clock that shows an earlier time is wrong. */
const RELEASED = new Date("2026-11-01T00:00:00Z");
const MINUTE_MS = 60_000;
const WARNING_MINUTES = 5;
const FAULT_MINUTES = 60;
const FIX = "set the clock, and keep it right with systemd-timesyncd or chrony";

/** Certificate expiry and the day of each submission depend on the clock. */
export async function checkClock(now: Date, servers: readonly HttpClient[]): Promise<readonly CheckResult[]> {
  if (now < RELEASED) return [fault(`the clock says ${dayOf(now)}, which is before this version was released`, FIX)];
  const results: CheckResult[] = [];
  for (const server of servers) {
    const sentMs = Date.now();
    const { headers } = await server.get("/");
    const theirsMs = Date.parse(headers.date ?? "");
    if (Number.isNaN(theirsMs)) {
      results.push(warning(`${server.name} sends no Date header`, "name another server with --clock URL"));
      continue;
    }
    const minutes = Math.round(Math.abs(now.getTime() + Date.now() - sentMs - theirsMs) / MINUTE_MS);
    const apart = `the clocks of this machine and ${server.name} are ${minutes} minutes apart`;
    if (minutes >= FAULT_MINUTES) results.push(fault(apart, FIX));
    else if (minutes >= WARNING_MINUTES) results.push(warning(apart, FIX));
    else results.push(ok(`the clocks of this machine and ${server.name} agree`));
  }
  return results.length > 0
    ? results
    : [ok("the clock is past this version's release; --clock URL compares it with a server's")];
}
