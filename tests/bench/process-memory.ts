import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";

/** A process and all that descend from it. */
export function tree(root: number): number[] {
  const parents = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid && child !== undefined) found.push(child);
  }
  return found;
}

/** MiB of memory of their own that processes hold: what they share is not counted. */
export async function memoryOf(pids: readonly number[]): Promise<number> {
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")));
  return statuses.reduce((sum, status) => sum + Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024, 0);
}
