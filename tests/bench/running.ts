import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair, type KeyPair } from "../../src/desk/index.js";
import { costOf } from "./process-run.js";

/** The built program. */
export const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** A server in a process of its own. */
export interface Running {
  readonly url: string;
  readonly folder: string;
  /** Seconds of processor time so far, MiB of memory at most so far. */
  readonly cost: () => { readonly cpu: number; readonly peak: number };
  readonly stop: () => Promise<void>;
}

/** Starts a program that prints its address, alone on a line or at the end of one. */
export async function startServer(
  program: string,
  words: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  let url: string | undefined;
  for (let waited = 0; url === undefined; waited += 20) {
    if (child.exitCode !== null || waited > 30_000) throw new Error(`${program} did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    url = /^(?:http|smtp):\/\/127\.0\.0\.1:\d+\/?$/m.exec(said)?.[0];
  }
  return {
    url: url.replace(/\/?$/, "/"),
    folder,
    cost: () => costOf(child.pid ?? 0) ?? { cpu: Number.NaN, peak: Number.NaN },
    stop: async () => {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** A new folder below `folder` with the certificate of a new recipient, as portals and mail servers read it. */
export async function makePlace(
  folder: string,
  prefix: string,
  profile: "gnupg" | "rfc9580" = "gnupg",
): Promise<{ readonly own: string; readonly pair: KeyPair }> {
  const own = await mkdtemp(join(folder, prefix));
  const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
  await mkdir(join(own, "keys"));
  await writeFile(join(own, "keys/a.asc"), pair.certificate);
  return { own, pair };
}

/**
 * A portal of its own below `folder`, with a new recipient. It keeps connections, as for the onion service and a proxy,
 * unless `keepAlive` says otherwise; null is for versions that always keep them.
 * @param flags for Node
 * @param program of another version, or this one
 */
export async function startPortal(
  folder: string,
  profile: "gnupg" | "rfc9580" = "gnupg",
  flags: readonly string[] = [],
  keepAlive: "yes" | "no" | null = "yes",
  program = MAIN,
): Promise<Running & { readonly pair: KeyPair }> {
  const { own, pair } = await makePlace(folder, "portal-", profile);
  const env = {
    POSTERN_LISTEN: "127.0.0.1:0",
    POSTERN_MIN_FREE: "0",
    ...(keepAlive && { POSTERN_KEEP_ALIVE: keepAlive }),
  };
  const running = await startServer(process.execPath, [...flags, program, "serve"], own, env);
  return { ...running, pair };
}

/** Removes everything that was stored, so that a disk need not hold all rounds. */
export async function emptied(...folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
}
