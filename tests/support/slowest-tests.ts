import type { Reporter, TestModule } from "vitest/node";

const SHOWN = 10;

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
    for (const test of again) process.stdout.write(`tried again: ${test.module.relativeModuleId}: ${test.fullName}\n`);
  }
}

function write(what: string, all: readonly { readonly name: string; readonly ms: number }[]): void {
  const slowest = all.toSorted((left, right) => right.ms - left.ms).slice(0, SHOWN);
  const lines = slowest.map(({ name, ms }) => `${(ms / 1000).toFixed(0).padStart(6)} s  ${name}\n`);
  process.stdout.write(`\nThe slowest ${what}:\n${lines.join("")}`);
}
