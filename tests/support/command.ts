import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { program } from "./program.js";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; nothing unless given. */
  readonly input?: string;
  /** Another program than all tests start. */
  readonly main?: string;
}

/** Runs the built command as an operator would, with no environment but what is given. */
export async function postern(words: readonly string[], options: RunOptions): Promise<CommandResult> {
  const { process, output } = await begin(words, options);
  const [code] = (await once(process, "close")) as [number | null];
  return { code, ...output };
}

export interface RunningPortal {
  readonly url: string;
  readonly process: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Resolves when it has ended, and all that it said is in `output`. */
  readonly closed: Promise<unknown>;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

/** Starts `postern serve` on a free port and waits for its first line. */
export async function servePortal(options: RunOptions): Promise<RunningPortal> {
  const env = { POSTERN_LISTEN: "127.0.0.1:0", POSTERN_MIN_FREE: "0", ...options.env };
  const { url, ...running } = await startAndWait(["serve"], { ...options, env });
  return { url: url.replace(/\/$/, ""), ...running };
}

/** Starts `postern mail` on a free port and waits for its first line. */
export async function serveMail(options: RunOptions): Promise<RunningPortal> {
  const env = { POSTERN_MAIL_LISTEN: "127.0.0.1:0", POSTERN_MIN_FREE: "0", ...options.env };
  return startAndWait(["mail"], { ...options, env });
}

/** Starts `postern desk` and waits for its address, which is its `url`. */
export async function serveDesk(options: RunOptions): Promise<RunningPortal> {
  const { url, ...running } = await startAndWait(["desk"], options);
  return { url: /http:\S+/.exec(url)?.[0] ?? "", ...running };
}

/** Starts `postern relay` on a free port and waits for its address. */
export async function serveRelay(words: readonly string[], options: RunOptions): Promise<RunningPortal> {
  return startAndWait(["relay", ...words, "--listen", "127.0.0.1:0"], options);
}

async function startAndWait(words: readonly string[], options: RunOptions): Promise<RunningPortal> {
  const { process, output } = await begin(words, options);
  const closed = once(process, "close");
  while (!output.stdout.includes("\n")) {
    await Promise.race([once(process.stdout, "data"), closed]);
    if (process.exitCode !== null || process.signalCode !== null)
      throw new Error(`postern ${words[0]} did not start: ${output.stderr}`);
  }
  return {
    url: output.stdout.split("\n")[0] ?? "",
    process,
    output,
    closed,
    kill: async (signal) => {
      process.kill(signal);
      await closed;
      if (signal !== "SIGKILL" && process.signalCode !== null)
        throw new Error(`postern ${words[0]} was killed by ${signal}, and did not end by itself: ${output.stderr}`);
    },
  };
}

async function begin(words: readonly string[], { cwd, env, input, main }: RunOptions) {
  const child = spawn(process.execPath, [main ?? (await program()), ...words], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A command may end without reading what it is given.
  child.stdin.on("error", () => undefined).end(input);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output.stderr += text;
  });
  return { process: child, output };
}
