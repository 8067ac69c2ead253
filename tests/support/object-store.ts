import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { makeBucketIn, type TestBucket } from "./bucket.js";
import { type ObjectStore, startCeph, stopCeph } from "./ceph.js";
import { removeFolder } from "./temporary.js";

const READY = "ready.json";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the object store of this run of the tests lives, once a test has needed it. */
    readonly objectStoreFolder: string;
  }
}

/** For vitest's `globalSetup`: stops at the very end what the first test that needed it has started. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "postern-ceph-"));
  project.provide("objectStoreFolder", folder);
  return async () => {
    await stopCeph(inFolder(folder));
    await removeFolder(folder);
  };
}

const inFolder = (folder: string) => join(folder, "ceph");

/** The object store that all tests of this run share. */
async function sharedStore(): Promise<ObjectStore> {
  const folder = inject("objectStoreFolder");
  const release = await lock(folder, { retries: { retries: 300, minTimeout: 200, maxTimeout: 500 }, stale: 120_000 });
  try {
    const known = await readFile(join(folder, READY), "utf8").catch(() => null);
    if (known !== null) return JSON.parse(known) as ObjectStore;
    const ceph = inFolder(folder);
    await mkdir(ceph);
    const started = await startCeph(ceph);
    await writeFile(join(folder, READY), JSON.stringify(started));
    return started;
  } finally {
    await release();
  }
}

/** A bucket of one's own there. */
export async function makeBucket(): Promise<TestBucket> {
  return makeBucketIn(await sharedStore());
}
