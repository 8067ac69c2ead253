import { Random } from "../support/seed.js";

/** What is asked of some portals in a day, and what they have. Times are in seconds. */
export interface Scenario {
  readonly perDay: number;
  /** How many times the busiest hour is busier than the average one. */
  readonly peak: number;
  /** Share of those without JavaScript. */
  readonly forms: number;
  readonly portals: number;
  /** Cores of each portal's machine. */
  readonly cores: number;
  /** Bytes a second of a submitter's line, in the median; half of all are between half and twice of it. */
  readonly line: number;
  /** Requests a second that the object store answers. */
  readonly storeRate: number;
  readonly form: Work;
  readonly upload: Work;
}

/** What one submission needs. */
export interface Work {
  readonly bytes: number;
  /** Seconds of the portal's main thread, of which there is one. */
  readonly main: number;
  /** Seconds of any other core. */
  readonly beside: number;
  readonly requests: number;
}

export interface Outcome {
  /** Share of the busiest hour in which each was at work, the busiest portal counting. */
  readonly mainBusy: number;
  readonly besideBusy: number;
  readonly storeBusy: number;
  /** Most submissions that one portal had under way at one moment. */
  readonly underWay: number;
  /** Seconds from the last byte sent to the receipt, of the slowest hundredth: without JavaScript, and with. */
  readonly formWait: number;
  readonly uploadWait: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** The hour that is the busiest, and how wide the hill around it is. */
const BUSIEST = 20 * HOUR;
const WIDTH = 3 * HOUR;

/** Lets a day pass: everybody who comes is served in turn, with nothing left out and nobody sent away. */
export function simulate(scenario: Scenario): Outcome {
  const random = new Random("simulation");
  const chance = () => random.integer(0, 2 ** 30 - 1) / 2 ** 30;
  const portals = Array.from({ length: scenario.portals }, () => ({
    main: new Servers(1),
    beside: new Servers(Math.max(1, scenario.cores - 1)),
    changes: [] as [moment: number, change: 1 | -1][],
  }));
  const store = new Servers(1);
  const waits = { form: [] as number[], upload: [] as number[] };
  const coming = [...arrivals(scenario, chance)].map((at) => {
    const kind: "form" | "upload" = chance() < scenario.forms ? "form" : "upload";
    // The logarithm of a line's speed is spread evenly around that of the middle one.
    const sent = at + scenario[kind].bytes / (scenario.line * 4 ** (chance() + chance() - 1));
    return { at, sent, kind, portal: portals[random.integer(0, portals.length - 1)] };
  });
  // Who has sent all first is served first, whoever came first.
  for (const { at, sent, kind, portal } of coming.sort((left, right) => left.sent - right.sent)) {
    if (portal === undefined) continue;
    const { main, beside, requests } = scenario[kind];
    const done = Math.max(portal.main.serve(sent, main), portal.beside.serve(sent, beside));
    store.count(sent, requests / scenario.storeRate);
    waits[kind].push(done - sent);
    portal.changes.push([at, 1], [done, -1]);
  }
  return {
    mainBusy: Math.max(...portals.map(({ main }) => main.busiest)),
    besideBusy: Math.max(...portals.map(({ beside }) => beside.busiest)),
    storeBusy: store.busiest,
    underWay: Math.max(...portals.map(({ changes }) => most(changes))),
    formWait: slowest(waits.form),
    uploadWait: slowest(waits.upload),
  };
}

/** Moments of a day at which somebody comes, in order: by chance, more often the nearer to the busiest hour. */
function* arrivals({ perDay, peak }: Scenario, chance: () => number): Generator<number> {
  const average = perDay / DAY;
  const hill = (at: number) => Math.exp(-(((at - BUSIEST) / WIDTH) ** 2) / 2);
  // So that the whole day brings as many as it should: the hill's own share is taken off the plain.
  const share = (WIDTH * Math.sqrt(2 * Math.PI)) / DAY;
  const top = (peak - 1) / (1 - share);
  const plain = Math.max(0, 1 - top * share);
  const highest = average * (plain + top);
  for (let at = 0; ; ) {
    at += -Math.log(1 - chance()) / highest;
    if (at >= DAY) return;
    if (chance() * highest < average * (plain + top * hill(at))) yield at;
  }
}

/** Some equal servers with one line before them. */
class Servers {
  readonly #free: number[];
  readonly #busy = new Float64Array(DAY / HOUR + 1);

  constructor(count: number) {
    this.#free = new Array<number>(count).fill(0);
  }

  /** Share of all hours' busiest in which they were at work. */
  get busiest(): number {
    return Math.max(...this.#busy) / HOUR / this.#free.length;
  }

  /** When something that comes at `at` and takes so many seconds is done. */
  serve(at: number, seconds: number): number {
    let first = 0;
    for (let index = 1; index < this.#free.length; index += 1) {
      if ((this.#free[index] ?? 0) < (this.#free[first] ?? 0)) first = index;
    }
    const done = Math.max(at, this.#free[first] ?? 0) + seconds;
    this.#free[first] = done;
    this.count(done - seconds, seconds);
    return done;
  }

  /** Counts what was done at `at` without anybody waiting for it. */
  count(at: number, seconds: number): void {
    const hour = Math.min(this.#busy.length - 1, Math.floor(at / HOUR));
    this.#busy[hour] = (this.#busy[hour] ?? 0) + seconds;
  }
}

/** The most that were there at one moment. */
function most(changes: readonly [moment: number, change: 1 | -1][]): number {
  let there = 0;
  let highest = 0;
  for (const [, change] of [...changes].sort(([left], [right]) => left - right)) {
    there += change;
    highest = Math.max(highest, there);
  }
  return highest;
}

function slowest(waits: readonly number[]): number {
  return [...waits].sort((left, right) => left - right)[Math.floor(waits.length * 0.99)] ?? 0;
}
