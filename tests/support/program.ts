import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lock } from "proper-lockfile";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

const BUILT = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
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
    await writeFile(join(folder, READY), "");
    return main;
  } finally {
    await release();
  }
}
