import { statSync } from "node:fs";
import type { PrivateKey } from "openpgp";
import { decryptionKeys } from "../../native/decrypt/index.js";
import { type Job, type OpenKeys, OpenThread } from "./open-thread.js";
import { BESIDE, type Opener, SHORT } from "./opener.js";

/** The program of a worker; it is there only once the project has been built. */
const PROGRAM = new URL("./open-worker.js", import.meta.url);
/**
 * Decrypts in `count` threads, which get ready while the keys are still being unlocked. These are handed to them in memory. If there
 * are none in the end, the opener is to be closed.
 */
export function workerOpener(keys: Promise<readonly PrivateKey[]>, count: number, program: URL = PROGRAM): Opener {
  const given = keys.then(
    async (unlocked): Promise<OpenKeys> => ({
      quick: await decryptionKeys(unlocked),
      armored: unlocked.map((key) => key.armor()),
    }),
  );
  // Whoever unlocks them hears of it.
  given.catch(() => undefined);
  const waiting: Job[] = [];
  const giveOut = () => {
    for (let job = waiting[0]; job !== undefined; job = waiting[0]) {
      const { weight } = job;
      const free = threads
        .filter(({ load }) => load + weight <= BESIDE)
        .sort((left, right) => left.load - right.load)[0];
      if (free === undefined) return;
      free.give(job);
      waiting.shift();
    }
  };
  const threads = Array.from({ length: count }, () => new OpenThread(program, given, giveOut, waiting));
  let next = 0;
  return {
    parallel: count * BESIDE,
    open: (file, folder, source, onRead) =>
      new Promise((resolve, reject) => {
        const weight = statSync(file).size > SHORT ? BESIDE : 1;
        const order = { id: next, file, folder, source };
        next += 1;
        waiting.push({ order, weight, onRead, resolve, reject });
        giveOut();
      }),
    close: async () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("the workers have been stopped"));
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
