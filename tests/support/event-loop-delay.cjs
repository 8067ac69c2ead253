// Preloaded into a portal that is attacked: prints its event-loop delay and peak memory when it gets SIGUSR2.
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { readFileSync } = require("node:fs");

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
process.on("SIGUSR2", () => {
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  const milliseconds = (nanoseconds) => Math.round(nanoseconds / 1e6);
  const figures = {
    peakMib: Math.round(peak),
    p99Ms: milliseconds(delay.percentile(99)),
    maxMs: milliseconds(delay.max),
  };
  process.stderr.write(`figures ${JSON.stringify(figures)}\n`);
  delay.reset();
});
