import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const MOST_ROWS = 10;
/** Where a thread does nothing. */
const WAITING = new Set(["(idle)", "#waitFor, streams/ring-buffer.js"]);
/** Makes receipt codes ahead at the lowest priority, in time that nobody wants, so it is left out. */
const CODE_THREAD = "/code-thread.js";

/** Where one path spends its processor time: shares of all that its threads were not idle. */
export interface Profile {
  readonly title: string;
  readonly rows: readonly { readonly share: number; readonly name: string }[];
  readonly note: string;
}

/** As V8 writes it. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** The functions that the profiles in `folder` spent most time in themselves. */
export async function topOf(folder: string): Promise<Profile["rows"]> {
  const times = new Map<string, number>();
  let busy = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".cpuprofile")) continue;
    const { nodes, samples, timeDeltas } = JSON.parse(await readFile(join(folder, name), "utf8")) as CpuProfile;
    if (nodes.some(({ callFrame }) => callFrame.url.endsWith(CODE_THREAD))) continue;
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    for (const [index, sample] of samples.entries()) {
      const called = names.get(sample) ?? "";
      if (WAITING.has(called)) continue;
      const time = timeDeltas[index] ?? 0;
      busy += time;
      times.set(called, (times.get(called) ?? 0) + time);
    }
  }
  const sorted = [...times].sort(([, left], [, right]) => right - left).slice(0, MOST_ROWS);
  return sorted.map(([name, time]) => ({ name, share: time / busy }));
}

function nameOf({ functionName, url }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (url === "") return functionName;
  const where = url.startsWith("node:") ? url : url.split("/").slice(-2).join("/");
  return `${functionName || "(anonymous)"}, ${where}`;
}
