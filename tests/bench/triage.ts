// Staff triage 1,000 cases at the workbench, by its keys and fields alone; the disk is compared with what they did.
// npx tsx tests/bench/triage.ts [COUNT]
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { runTriage } from "../support/triage-run.js";

const COUNT = Number(process.argv[2] ?? 1_000);
for (const kind of BROWSERS.filter(isInstalled)) {
  const { steps, seconds, different, statuses } = await runTriage(kind, COUNT, COUNT);
  const told = Object.entries(statuses).map(([status, cases]) => `${cases} ${status}`);
  console.log(`${kind.name}: ${COUNT} cases, ${steps} steps saved in ${seconds.toFixed(0)} s; ${told.join(", ")}`);
  if (different.length > 0) throw new Error(`on the disk other than in the browser: ${different.join(", ")}`);
}
