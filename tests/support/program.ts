import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "proper-lockfile";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

/** The program of a checkout: one file for each module. */
export const BUILT = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const READY = "ready";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the program that this run of the tests starts is put, once a test has needed it. */
    readonly programFolder: string;
  }
}

/** For vitest's `globalSetup`: removes at the very end what the first test that needed it has made. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "postern-program-"));
  project.provide("programFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}

const THREAD = "./dist/server/mailbox/code-thread.js";
const FEW_CODES_THREAD = "./dist/server/mailbox/few-codes-thread.js";
/**
 * A portal makes 512 receipt codes ahead, for minutes, with half a core that other tests need. Here its thread makes
 * some, and then falls silent, so that later letters wait for theirs.
 */
const FEW_CODES = `import { parentPort } from "node:worker_threads";
const on = parentPort.on.bind(parentPort);
let left = 3;
parentPort.on = (name, listener) => on(name, (message) => {
  left -= 1;
  if (left >= 0) listener(message);
});
await import("./code-thread.js");
`;

let whole: Promise<string> | undefined;

/**
 * The program that the tests start: the build in few files, as it is released, which starts in a third of the time
 * that its 900 modules take; or the one that POSTERN_TEST_PROGRAM names, such as a release's.
 */
export async function program(): Promise<string> {
  if (process.env.POSTERN_TEST_PROGRAM !== undefined) return process.env.POSTERN_TEST_PROGRAM;
  // Benches and the like start what is built.
  if (process.env.VITEST === undefined) return BUILT;
  whole ??= inFewFiles(inject("programFolder"));
  return whole;
}

async function inFewFiles(folder: string): Promise<string> {
  const main = join(folder, "dist/cli/main.js");
  const release = await lock(folder, { retries: { retries: 300, minTimeout: 200, maxTimeout: 500 }, stale: 120_000 });
  try {
    const isThere = await readFile(join(folder, READY)).then(
      () => true,
      () => false,
    );
    if (isThere) return main;
    // @ts-expect-error: scripts are plain JavaScript, so that they run before anything is built.
    const { bundle } = await import("../../scripts/release/bundle.mjs");
    for (const [path, contents] of (await bundle("postern")) as Map<string, Buffer>) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), contents);
    }
    const described = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    if (described.imports["#code-thread"] !== THREAD) throw new Error("the thread that makes codes is elsewhere");
    described.imports["#code-thread"] = FEW_CODES_THREAD;
    await writeFile(join(folder, "package.json"), JSON.stringify(described));
    await writeFile(join(folder, FEW_CODES_THREAD), FEW_CODES);
    await writeFile(join(folder, READY), "");
    return main;
  } finally {
    await release();
  }
}
