import { describe, expect, it } from "vitest";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { runTriage } from "../support/triage-run.js";

// With 1,000 cases: npx tsx tests/bench/triage.ts
const [COUNT, ONE_BY_ONE] = [130, 12];

describe("cases triaged at the workbench, without the command line,", () => {
  it.each(inTurn(BROWSERS, 0).filter(isInstalled))("are on the disk as staff left them, in $name", async (kind) => {
    const { different, statuses, steps } = await runTriage(kind, COUNT, ONE_BY_ONE);
    expect(different).toEqual([]);
    expect(statuses).toEqual({ new: COUNT - ONE_BY_ONE, reading: 3, waiting: 3, answered: 3, closed: 3 });
    expect(steps).toBe(ONE_BY_ONE + 6 + 4);
  });
});
