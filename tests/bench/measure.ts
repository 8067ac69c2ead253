/** What one run of a way took. */
export interface Run {
  readonly seconds: number;
  /** Seconds of processor time. */
  readonly cpu?: number;
  /** MiB of memory at its largest. */
  readonly peak?: number;
}

/** One way to do the same thing. */
export interface Way {
  readonly name: string;
  readonly run: () => Promise<Run>;
}

/** A way's figures, as they are published: medians, and every single run. */
export interface Row {
  readonly name: string;
  /** In the table's unit. */
  readonly value: number;
  readonly runs: readonly number[];
  /** To the baseline; 1 for the baseline itself. */
  readonly ratio: number;
  readonly cpuSeconds?: number;
  readonly peakMiB?: number;
}

export interface Target {
  readonly row: string;
  readonly baseline: string;
  readonly atLeast: number;
}

export interface Table {
  readonly title: string;
  /** More of it is better, unless `less` says so. */
  readonly unit: string;
  readonly less?: true;
  readonly baseline: string;
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
  /** What a reader has to know to judge it. */
  readonly note: string;
  /** Whether it takes so long that it is measured only where it is asked for. */
  readonly atLength?: boolean;
}

/** A table with when and where it was measured. */
export interface DatedTable extends Table {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Its processor. */
  readonly processor: string;
}

export interface Skipped {
  readonly what: string;
  readonly why: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The value below which so large a share of the others lies: 0.99 for a p99. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

/** How far the runs lie apart, from the lowest to the highest, as a share of their median. */
export function spread(runs: readonly number[]): number {
  return (Math.max(...runs) - Math.min(...runs)) / median(runs);
}

/** The baseline does the same work in every run: without its best and worst, its runs lie this far apart at most. */
const MOST_SPREAD = 0.5;
const FEWEST_RUNS = 5;

/** Whether the machine did too much else for the ratios of `table` to tell anything. */
export function isNoisy({ rows, baseline }: Pick<Table, "rows" | "baseline">): boolean {
  const runs = rows.find(({ name }) => name === baseline)?.runs ?? [];
  if (runs.length < FEWEST_RUNS) return false;
  const sorted = runs.toSorted((left, right) => left - right);
  return spread(sorted.slice(1, -1)) > MOST_SPREAD;
}

/** Runs all ways in turn, `rounds` times over, so that whatever else the machine does meets all of them alike. */
export async function interleave(ways: readonly Way[], rounds: number): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of ways) runs.get(name)?.push(await run());
  }
  return runs;
}

/** Rows of times, or of whatever else is measured as it is. */
export function rowsOfTimes(runs: ReadonlyMap<string, readonly number[]>, baseline: string): Row[] {
  const base = median(runs.get(baseline) ?? []);
  return [...runs].map(([name, all]) => ({ name, value: median(all), runs: all, ratio: median(all) / base }));
}

/** @param amount what one run gets through, in the table's unit times seconds */
export function rowsOf(runs: ReadonlyMap<string, readonly Run[]>, amount: number, baseline: string): Row[] {
  const rates = (name: string) => (runs.get(name) ?? []).map(({ seconds }) => amount / seconds);
  const base = median(rates(baseline));
  return [...runs].map(([name, all]) => {
    const value = median(rates(name));
    const cpu = all.flatMap((run) => run.cpu ?? []);
    const peak = all.flatMap((run) => run.peak ?? []);
    return {
      name,
      value,
      runs: rates(name),
      ratio: value / base,
      ...(cpu.length > 0 && { cpuSeconds: median(cpu) }),
      ...(peak.length > 0 && { peakMiB: median(peak) }),
    };
  });
}
