import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Of a process whose memory is looked at: it is told to collect what it no longer needs. */
export const MEASURED = {
  NODE_OPTIONS: `--require=${fileURLToPath(new URL("collect-on-signal.cjs", import.meta.url))}`,
};

/** MiB of resident memory that is held on to: V8 cleans up of its own accord when it sees fit, so it is told to. */
export async function heldMemoryMiB(child: ChildProcess): Promise<number> {
  child.kill("SIGUSR2");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
