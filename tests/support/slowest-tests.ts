import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 10;

/** Of some 6,700 on a busy machine. More than these are no chance, and the run fails. */
const MAX_TRIED_AGAIN = 3;

/** Names the slowest files and tests of a run, and what was tried twice, so that whoever adds to them sees it. */
export class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // One test alone is no run.
    if (modules.length <= SHOWN) return;
    const files = modules.map((each) => ({ name: each.relativeModuleId, ms: each.diagnostic().duration }));
    const tests = modules.flatMap((each) =>
      [...each.children.allTests()].map((test) => ({
        name: `${each.relativeModuleId}: ${test.fullName}`,
        ms: test.diagnostic()?.duration ?? 0,
      })),
    );
    write("files", files);
    write("tests", tests);
    const again = modules.flatMap((each) =>
      [...each.children.allTests()].filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0),
    );
    for (const test of again) {
      const why = test.result().errors?.[0]?.message.split("\n")[0] ?? "";
      process.stdout.write(`tried again: ${test.module.relativeModuleId}: ${test.fullName}: ${why}\n`);
    }
    if (again.length <= MAX_TRIED_AGAIN) return;
    process.stdout.write(`${again.length} tests were tried again; a run may have ${MAX_TRIED_AGAIN} of them.\n`);
    process.exitCode = 1;
  }
}

function write(what: string, all: readonly { readonly name: string; readonly ms: number }[]): void {
  const slowest = all.toSorted((left, right) => right.ms - left.ms).slice(0, SHOWN);
  const lines = slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(0).padStart(6)} s  ${name}\n`);
  process.stdout.write(`\nThe slowest ${what}:\n${lines.join("")}`);
}
