// How many portals a daily volume needs, from the cost of one submission (docs/costs.json, written by cost.ts).
// npx tsx tests/bench/simulate.ts [submissions a day, default 1000000] [share without JavaScript, 0.3] [cores, 4]
import { readFileSync } from "node:fs";
import { type Scenario, simulate, type Work } from "./simulation.js";

interface Cost {
  readonly cpu: number;
  readonly stored: number;
  readonly requests: Readonly<Record<string, number>>;
}

const { receiptCode, machine, costs } = JSON.parse(
  readFileSync(new URL("../../docs/costs.json", import.meta.url), "utf8"),
) as {
  readonly receiptCode: number;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly costs: Readonly<Record<string, Cost>>;
};
const [perDay = 1_000_000, forms = 0.3, cores = 4] = process.argv.slice(2).map(Number);

/** The busiest hour of a day on which the news speaks of it. */
const PEAK = 4;
/** Bytes a second: a slow telephone, or Tor. */
const LINE = 50 * 1024;
/** Requests a second that a bucket answers: what AWS promises for writing below one prefix. */
const STORE_RATE = 3_500;
/** Seconds after which who waits for a receipt begins to doubt. */
const PATIENCE = 5;
/** Submissions a second that a desk with two cores opens (docs/BENCHMARKS.md). */
const DESK_RATE = 550;
const MOST_PORTALS = 256;

const of = (way: string): Cost => {
  const cost = costs[`bucket ${way}`];
  if (cost === undefined)
    throw new Error("docs/costs.json has no figures for a bucket: run tests/bench/cost.ts where Ceph is");
  return cost;
};
const requestsOf = ({ requests }: Cost) => Object.values(requests).reduce((sum, each) => sum + each, 0);
const work = (cost: Cost, beside: number): Work => ({
  bytes: cost.stored,
  main: Math.max(0, cost.cpu - beside),
  beside,
  requests: requestsOf(cost),
});
const form = work(of("form"), Math.min(of("form").cpu, receiptCode));
const upload = work(of("browser"), 0);
const scenario: Omit<Scenario, "portals"> = {
  perDay,
  forms,
  cores,
  peak: PEAK,
  line: LINE,
  storeRate: STORE_RATE,
  form,
  upload,
};
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const seconds = (value: number) => (value > 600 ? "over 600 s" : `${value.toFixed(1)} s`);
const mixed = (of: (work: Work) => number) => forms * of(form) + (1 - forms) * of(upload);

console.log(
  `${perDay} submissions a day, ${percent(forms)} of them without JavaScript, busiest hour ${PEAK} times the average`,
);
console.log(
  `costs measured on ${String(machine.processor)}, Node ${String(machine.node)}; ${cores} cores for each portal\n`,
);
console.log(
  "| portals | main thread | other cores | object store | under way, most | p99 without JavaScript | p99 with |",
);
console.log(
  "| ------: | ----------: | ----------: | -----------: | --------------: | ---------------------: | -------: |",
);
for (let portals = 1; portals <= MOST_PORTALS; portals *= 2) {
  const outcome = simulate({ ...scenario, portals });
  const { mainBusy, besideBusy, storeBusy, underWay, formWait, uploadWait } = outcome;
  console.log(
    `| ${portals} | ${percent(mainBusy)} | ${percent(besideBusy)} | ${percent(storeBusy)} | ${underWay} | ${seconds(formWait)} | ${seconds(uploadWait)} |`,
  );
  if (formWait < PATIENCE && uploadWait < PATIENCE) break;
}
const perSecond = perDay / 86_400;
console.log(`\nstored: ${((perDay * mixed(({ bytes }) => bytes)) / 1e9).toFixed(1)} GB a day`);
console.log(
  `requests to the object store: ${(perSecond * PEAK * mixed(({ requests }) => requests)).toFixed(0)} a second in the busiest hour`,
);
console.log(
  `network: ${((perSecond * PEAK * mixed(({ bytes }) => bytes) * 8) / 1e6).toFixed(0)} Mbit/s in the busiest hour`,
);
console.log(`at the desk: ${(perDay / DESK_RATE / 3_600).toFixed(1)} hours to open a day's submissions with two cores`);
