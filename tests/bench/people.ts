// How well and how fast letters are grouped by person. npx tsx tests/bench/people.ts
import { groupPeople } from "../../src/people/index.js";
import { Corpus, score } from "../people/corpus/corpus.js";

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

console.log("| seed | letters | people | pairs | found | wrong | time |\n| --- | --- | --- | --- | --- | --- | --- |");
for (const [seed, count] of [...Array.from("abcdefghij", (each) => [each, 300] as const), ["k", 10_000] as const]) {
  const { letters } = new Corpus(seed, count);
  const begun = performance.now();
  const groups = groupPeople(letters);
  const seconds = (performance.now() - begun) / 1000;
  const { pairs, found, wrong } = score(
    letters,
    groups.map((group) => group.letters),
  );
  const people = new Set(letters.map(({ person }) => person)).size;
  const cells = [seed, count, people, pairs, percent(found), percent(wrong), `${seconds.toFixed(2)} s`];
  console.log(`| ${cells.join(" | ")} |`);
}
