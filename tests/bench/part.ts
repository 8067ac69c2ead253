import type { Bench } from "./bench-context.js";
import type { Profile } from "./cpu-profile.js";
import { isNoisy, type Skipped, type Table } from "./measure.js";
import { figure } from "./report.js";

/** One part of the benchmark. */
export interface Part {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<void>;
  /** Whether it is taken only where it is asked for by name. */
  readonly atLength: boolean;
}

/** What a part has brought. */
export interface Brought {
  readonly name: string;
  readonly tables: readonly Table[];
  readonly profiles: readonly Profile[];
  readonly skipped: readonly Skipped[];
}

/** Takes a part, and once more where its baseline's own runs lie far apart. Prints each table as it comes. */
export async function takePart(
  { name, measure, atLength }: Part,
  given: Omit<Bench, "add" | "profile" | "skip">,
): Promise<Brought> {
  const since = performance.now();
  const tables: Table[] = [];
  const profiles: Profile[] = [];
  const skipped: Skipped[] = [];
  const bench: Bench = {
    ...given,
    add: (table) => {
      tables.push(atLength ? { ...table, atLength } : table);
      print(table);
    },
    profile: (profile) => profiles.push(profile),
    skip: (what, why) => {
      skipped.push({ what, why });
      console.log(`\nskipped: ${what}: ${why}`);
    },
  };
  await measure(bench);
  if (tables.some(isNoisy)) {
    console.log(`\n${name}: the machine did too much else, so this is measured again`);
    tables.length = 0;
    await measure(bench);
  }
  console.log(`\n${name}: ${((performance.now() - since) / 60_000).toFixed(1)} minutes`);
  return { name, tables, profiles, skipped };
}

function print({ title, unit, rows }: Table): void {
  console.log(`\n${title} (${unit})`);
  for (const { name, value, ratio, peakMiB } of rows) {
    const memory = peakMiB === undefined ? "" : `  ${figure(peakMiB).padStart(6)} MiB`;
    console.log(`  ${name.padEnd(56)} ${figure(value).padStart(8)}  ${ratio.toFixed(2).padStart(6)}${memory}`);
  }
}
