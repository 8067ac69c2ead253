import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type LockFault, withLock } from "../../src/files/index.js";
import { removeFolder } from "../support/temporary.js";

type Stat = (path: string, done: (error: Error | null, stats?: unknown) => void) => void;

// What the library renews its locks with.
const libraryRequire = createRequire(createRequire(import.meta.url).resolve("proper-lockfile"));
const libraryFs = libraryRequire("graceful-fs") as { stat: Stat };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-lock-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await removeFolder(folder);
});

const lock = () => ({
  path: join(folder, ".lock"),
  staleMs: 2_000,
  retries: { retries: 100, minTimeout: 10, maxTimeout: 10 },
});
const failed = (fault: LockFault, cause: unknown) => new Error(fault, { cause });

/** The moment in which the library looks whether a lock is still its own, and a way to let it see. */
function nextLook(): Promise<() => Promise<void>> {
  const { stat } = libraryFs;
  return new Promise((resolve) => {
    vi.spyOn(libraryFs, "stat").mockImplementationOnce((path, done) => resolve(() => seeing(path, done)));
  });

  function seeing(path: string, done: Parameters<Stat>[1]): Promise<void> {
    return new Promise((resolve, reject) => {
      stat(path, (...found) => {
        try {
          done(...found);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

describe("a lock between processes", () => {
  it("lets one work at a time, and leaves nothing", async () => {
    let working = 0;
    const most: number[] = [];
    const work = async () => {
      working += 1;
      most.push(working);
      await readdir(folder);
      working -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(lock(), work, failed)));
    expect(most).toEqual([1, 1, 1, 1]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is given back where the work fails, and gives its error", async () => {
    const work = () => Promise.reject(new Error("work"));
    await expect(withLock(lock(), work, failed)).rejects.toThrow("work");
    expect(await withLock(lock(), async () => "next", failed)).toBe("next");
  });

  it("is held by another process for so long, not for ever", async () => {
    await mkdir(lock().path);
    const impatient = { ...lock(), retries: { retries: 1, minTimeout: 10, maxTimeout: 10 } };
    const work = vi.fn(async () => "done");
    await expect(withLock(impatient, work, failed)).rejects.toThrow("held");
    expect(work).not.toHaveBeenCalled();
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock().path, longAgo, longAgo);
    expect(await withLock(impatient, work, failed)).toBe("done");
  });

  it("cannot be had in a folder that is not there", async () => {
    const nowhere = { ...lock(), path: join(folder, "missing/.lock"), retries: { ...lock().retries, retries: 1 } };
    await expect(withLock(nowhere, async () => "done", failed)).rejects.toThrow("held");
  });

  it("ends no process by looking for itself in the moment in which it is given back", async () => {
    let see = () => Promise.reject<void>(new Error("the library did not look"));
    const work = async () => {
      see = await nextLook();
      return "done";
    };
    expect(await withLock(lock(), work, failed)).toBe("done");
    await expect(see()).resolves.toBeUndefined();
  });

  it.each([
    ["another process has taken it", () => utimes(lock().path, new Date(), new Date(Date.now() + 1_000))],
    ["it is gone", () => rm(lock().path, { recursive: true })],
  ])("says so after the work where %s meanwhile", async (_what, happens) => {
    const work = async () => {
      const see = await nextLook();
      await happens();
      await see();
    };
    await expect(withLock(lock(), work, failed)).rejects.toThrow("lost");
  });
});
