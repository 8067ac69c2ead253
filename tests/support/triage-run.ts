import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCases } from "../../src/desk/index.js";
import { type BROWSERS, poll } from "./browsers.js";
import { makeCases } from "./cases.js";
import { removeFolder } from "./temporary.js";
import { type Expected, Triage, triageAll } from "./triage.js";
import { startWorkbench } from "./workbench.js";

export interface TriageRun {
  readonly steps: number;
  readonly seconds: number;
  /** Case ids whose state on the disk is not what was done in the browser. */
  readonly different: readonly string[];
  /** How many cases have each status on the disk. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Triages `count` made-up cases at the workbench, and reads from the disk what came of it. */
export async function runTriage(kind: (typeof BROWSERS)[number], count: number, oneByOne: number): Promise<TriageRun> {
  const folder = await mkdtemp(join(tmpdir(), "postern-triage-"));
  const faults: Error[] = [];
  try {
    await makeCases(folder, count);
    const workbench = await startWorkbench(folder, (fault) => void faults.push(fault));
    const browser = await kind.launch();
    const page = await kind.newPage(browser);
    await page.goto(workbench.newAddress());
    // Until all are there, not only the newest.
    await poll("all cases", async () =>
      (await page.$$eval("[role=status]", (all) => all.map((each) => each.textContent ?? ""))).some((each) =>
        each.endsWith(` ${count}`),
      )
        ? true
        : null,
    );
    const triage = new Triage(page);
    await triage.signIn("Анна");
    const begun = performance.now();
    await triageAll(triage, oneByOne);
    const seconds = (performance.now() - begun) / 1000;
    await browser.close();
    workbench.stop();
    if (faults[0] !== undefined) throw faults[0];
    const statuses: Record<string, number> = {};
    const different: string[] = [];
    for await (const one of readCases(folder)) {
      statuses[one.status] = (statuses[one.status] ?? 0) + 1;
      const { status, assignee = "", due = "", tags = [], spam = false, duplicateOf = "" } = one;
      const found: Expected = { status, assignee, due, tags, spam, duplicateOf };
      if (JSON.stringify(found) !== JSON.stringify(inOrder(triage.of(one.id)))) different.push(one.id);
    }
    return { steps: triage.steps, seconds, different, statuses };
  } finally {
    await removeFolder(folder);
  }
}

function inOrder({ status, assignee, due, tags, spam, duplicateOf }: Expected): Expected {
  return { status, assignee, due, tags, spam, duplicateOf };
}
