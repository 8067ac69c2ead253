import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Run } from "./measure.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TICKS_A_SECOND = 100;

/** Seconds of processor time and MiB of memory at most, as the kernel counts them for a process and its threads. */
export function costOf(pid: number): { readonly cpu: number; readonly peak: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    if (Number.isNaN(peak)) return null;
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, peak };
  } catch {
    return null;
  }
}

/** Compiles a script of this folder, so that nothing but itself is in its process. Returns its path. */
export async function compiled(name: string): Promise<string> {
  const outfile = `${ROOT}dist/bench/${name}.mjs`;
  await build({
    entryPoints: [`${ROOT}tests/bench/${name}.ts`],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    jsx: "automatic",
    jsxImportSource: "preact",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** Runs a compiled script to its end; it prints what its run took as JSON. */
export async function runScript(path: string, words: readonly string[], flags: readonly string[] = []): Promise<Run> {
  const child = spawn(process.execPath, [...flags, path, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${path} ended with ${code}`);
  return JSON.parse(said) as Run;
}

/** What others have left to be written would otherwise be written by whoever is measured next. */
export async function diskAtRest(): Promise<void> {
  await runProgram("sync", []);
}

/** Runs a program to its end, looked at every few milliseconds. */
export async function runProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const begun = performance.now();
  const child: ChildProcess = spawn(program, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    complaint = (complaint + text).slice(-2_000);
  });
  let cost: ReturnType<typeof costOf> = null;
  const look = setInterval(() => {
    cost = costOf(child.pid ?? 0) ?? cost;
  }, 4);
  const [code] = await once(child, "close");
  clearInterval(look);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint}`);
  return { seconds: (performance.now() - begun) / 1000, ...(cost as ReturnType<typeof costOf>) };
}
