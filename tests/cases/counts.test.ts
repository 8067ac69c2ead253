import { describe, expect, it } from "vitest";
import { type CaseCounts, countCases, countsForReport } from "../../src/cases/index.js";
import { codeOf } from "../support/bytes.js";
import { inventedCase } from "../support/cases.js";
import { Random } from "../support/seed.js";

const typed = (text: string) => ({ question: "", text, chosen: [] });
const chosen = (...labels: readonly string[]) => ({ question: "", text: "", chosen: labels });
const tableOf = (counts: CaseCounts, by: string) =>
  counts.tables.find((table) => table.by === by)?.rows.map(({ label, cases }) => [label, cases]);

describe("counts of cases", () => {
  it("are by month, article, place, status, request and language", () => {
    const counts = countCases([
      inventedCase({ day: "2026-11-20", answers: { charge: typed("ст. 207.3 ч. 2 УК РФ"), place: typed("ИК-6") } }),
      inventedCase({
        day: "2026-10-02",
        answers: { charge: typed("207.3, 280.3"), place: typed("ик 6"), request: chosen("Врач", "Обмен") },
      }),
      inventedCase({
        day: "",
        language: "uk",
        status: "answered",
        answers: { place: typed("ИК-6"), request: chosen("Врач") },
      }),
    ]);
    expect(counts.cases).toBe(3);
    expect(tableOf(counts, "month")).toEqual([
      ["", 1],
      ["2026-10", 1],
      ["2026-11", 1],
    ]);
    expect(tableOf(counts, "article")).toEqual([
      ["207.3", 2],
      ["", 1],
      ["280.3", 1],
    ]);
    expect(tableOf(counts, "place")).toEqual([["ИК-6", 3]]);
    expect(tableOf(counts, "status")).toEqual([
      ["new", 2],
      ["answered", 1],
    ]);
    expect(tableOf(counts, "request")).toEqual([
      ["Врач", 2],
      ["", 1],
      ["Обмен", 1],
    ]);
    expect(tableOf(counts, "language")).toEqual([
      ["ru", 2],
      ["uk", 1],
    ]);
  });

  it.each([
    ["ст. 207.3 и ст. 280.3 УК", ["207.3", "280.3"]],
    ["275 УК", ["275"]],
    ["по статье 205.2 часть 2", ["205.2"]],
    ["с 24.02.2022, тел. 89001234567, дело 1-23456/2024", []],
    ["8 900 123-45-67", ["900", "123", "45", "67"]],
    ["", []],
  ])("find in %j the articles %j", (text, articles) => {
    const rows = tableOf(countCases([inventedCase({ answers: { charge: typed(text) } })]), "article") ?? [];
    expect(rows.map(([label]) => label)).toEqual(articles.length === 0 ? [""] : [...articles].sort());
  });

  it("count a text that is no label as one that does not tell", () => {
    const answers = { request: typed("Помогите. ".repeat(50)), place: typed("x".repeat(61)) };
    const counts = countCases([inventedCase({ answers })]);
    for (const by of ["request", "place"]) expect(tableOf(counts, by)).toEqual([["", 1]]);
  });
});

describe("counts for a report", () => {
  const report = (...numbers: readonly number[]) => {
    const rows = numbers.map((cases, at) => ({ label: `row ${at}`, cases })).filter(({ cases }) => cases > 0);
    const cases = numbers.reduce((total, each) => total + each, 0);
    return countsForReport({ cases, tables: [{ by: "place", rows, withheld: false }] });
  };

  it("round to tens, and leave out what is under five with the smallest of the others", () => {
    const { cases, tables } = report(102, 31, 12, 4);
    expect(cases).toBe(150);
    const rows = [
      { label: "row 0", cases: 100 },
      { label: "row 1", cases: 30 },
    ];
    expect(tables).toEqual([{ by: "place", withheld: true, rows }]);
    expect(report(5, 18).tables[0]).toMatchObject({ withheld: false, rows: [{ cases: 10 }, { cases: 20 }] });
    expect(report(300, 4).tables[0]).toEqual({ by: "place", withheld: true, rows: [] });
  });

  it("are refused for fewer than five cases", async () => {
    for (const cases of [0, 1, 4]) expect(await codeOf(() => report(cases))).toBe("too_few");
    expect(report(5).cases).toBe(10);
  });

  it.each([2, 3, 4])(
    "give away no number of one to four of %i rows, to a reader who knows the total and how we count",
    (length) => {
      // Every table with up to 32 cases. What a reader sees fits several of them.
      const possible = new Map<string, readonly Set<number>[]>();
      for (const numbers of tables(length, 32)) {
        const total = numbers.reduce((sum, each) => sum + each, 0);
        if (total < 5) continue;
        const seen = `${total} ${JSON.stringify(report(...numbers))}`;
        const known = possible.get(seen) ?? numbers.map(() => new Set<number>());
        for (const [at, number] of numbers.entries()) known[at]?.add(number);
        possible.set(seen, known);
      }
      const givenAway = [...possible].filter(([, known]) =>
        known.some((values) => values.size === 1 && [1, 2, 3, 4].some((small) => values.has(small))),
      );
      expect(possible.size).toBeGreaterThan(100);
      expect(givenAway.map(([seen]) => seen)).toEqual([]);
    },
  );

  it("show no number under five, whatever they are made from", () => {
    const random = new Random("counts for reports");
    for (let count = 0; count < 300; count += 1) {
      const numbers = Array.from({ length: random.integer(1, 12) }, () => random.integer(0, 40));
      if (numbers.reduce((total, each) => total + each, 0) < 5) continue;
      const { tables } = report(...numbers);
      for (const { rows, withheld } of tables) {
        for (const row of rows) expect([row.cases >= 10, row.cases % 10]).toEqual([true, 0]);
        expect(withheld).toBe(numbers.some((each) => each > 0 && each < 5));
      }
    }
  });
});

/** All rows of `length` numbers with a sum of at most `most`. */
function* tables(length: number, most: number): Generator<readonly number[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (let first = 0; first <= most; first += 1)
    for (const rest of tables(length - 1, most - first)) yield [first, ...rest];
}
