import { groupPeople, readNames } from "../../src/people/index.js";
import { Corpus, score } from "../people/corpus/corpus.js";
import type { Bench } from "./bench-context.js";
import { rowsOfTimes } from "./measure.js";

const PARSED = "The same letters, parsed from JSON and sorted";
const NAMES = "Their names, read";
const OURS = "Postern, the people they are about";
/** Of the baseline in one run: it is short. */
const REPEATS = 10;

/** How long it takes to find out which letters are about one person. */
export async function measurePeople(bench: Bench): Promise<void> {
  const { letters: count, rounds } = bench.sizes.people;
  const { letters } = new Corpus("k", count);
  const json = JSON.stringify(letters);
  let groups: ReturnType<typeof groupPeople> = [];
  const ways: Readonly<Record<string, () => unknown>> = {
    [PARSED]: () => {
      const parsed = JSON.parse(json) as typeof letters;
      return parsed.toSorted((left, right) => (left.about < right.about ? -1 : 1));
    },
    [NAMES]: () => letters.map(({ about }) => readNames(about)),
    [OURS]: () => {
      groups = groupPeople(letters);
    },
  };
  const runs = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, all] of runs) {
      const times = name === PARSED ? REPEATS : 1;
      const begun = performance.now();
      for (let time = 0; time < times; time += 1) ways[name]?.();
      all.push((performance.now() - begun) / 1000 / times);
    }
  }
  const { pairs, found, wrong } = score(
    letters,
    groups.map((group) => group.letters),
  );
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  bench.add({
    title: `People in ${count} letters`,
    unit: "s",
    less: true,
    baseline: PARSED,
    rows: rowsOfTimes(runs, PARSED),
    targets: [],
    note: `Made-up letters with their truth, ${rounds} rounds: of ${pairs} pairs about one person it finds ${percent(found)}, and ${percent(wrong)} of those it finds are wrong. At most 10 s are wanted for 10,000 letters.`,
  });
}
