import { statSync } from "node:fs";
import type { PrivateKey } from "openpgp";
import { decryptionKeys } from "../../native/decrypt/index.js";
import { unlockedPackets } from "../../openpgp/index.js";
import { type Job, type OpenKeys, OpenThread } from "./open-thread.js";
import { MAX_IN_MEMORY_BYTES, MAX_PER_THREAD, type Opener, STALL_TIMEOUT_MS } from "./opener.js";
import { OpenError } from "./outcome.js";

/** The workers' program, which exists only after a build. */
const PROGRAM = new URL("./open-worker.js", import.meta.url);

/**
 * Decrypts in `count` threads, which start while the keys are still being unlocked and get them by message. If `keys`
 * rejects, close the opener.
 * @param stallTimeoutMs how long a thread may make no progress
 */
export function workerOpener(
  keys: Promise<readonly PrivateKey[]>,
  count: number,
  program: URL = PROGRAM,
  stallTimeoutMs = STALL_TIMEOUT_MS,
): Opener {
  const openKeys = keys.then(
    async (keys): Promise<OpenKeys> => ({
      native: await decryptionKeys(keys),
      unlocked: await unlockedPackets(keys),
    }),
  );
  // The caller, who unlocks the keys, handles the error.
  openKeys.catch(() => undefined);
  const waiting: Job[] = [];
  const assignJobs = () => {
    for (let job = waiting[0]; job !== undefined; job = waiting[0]) {
      const { weight } = job;
      const free = threads
        .filter(({ load }) => load + weight <= MAX_PER_THREAD)
        .sort((left, right) => left.load - right.load)[0];
      if (free === undefined) return;
      free.assign(job);
      waiting.shift();
    }
  };
  const threads = Array.from(
    { length: count },
    () => new OpenThread(program, openKeys, assignJobs, waiting, stallTimeoutMs),
  );
  let nextId = 0;
  return {
    maxConcurrent: count * MAX_PER_THREAD,
    open: (file, folder, source, onRead) =>
      new Promise((resolve, reject) => {
        const bytes = statSync(file).size;
        const weight = bytes > MAX_IN_MEMORY_BYTES ? MAX_PER_THREAD : 1;
        const request = { id: nextId, file, folder, source };
        nextId += 1;
        waiting.push({ request, bytes, weight, onRead, resolve, reject });
        assignJobs();
      }),
    close: async () => {
      const stopped = new OpenError("stopped", "the workers have been stopped");
      for (const { reject } of waiting.splice(0)) reject(stopped);
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
