import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PrivateKey } from "openpgp";
import type { CaseRecord } from "../cases/index.js";
import { Fault } from "../core/index.js";
import type { OnRead, Opener } from "./opener.js";

/** What went wrong in a worker, with the code that it had there. */
export class WorkerFault extends Fault<string> {}

export interface OpenOrder {
  readonly file: string;
  readonly folder: string;
}

/** What a worker says of the order that it has. */
export type OpenReport =
  | { readonly kind: "read"; readonly octets: number }
  | { readonly kind: "opened"; readonly record: CaseRecord }
  | { readonly kind: "failed"; readonly code: string | null; readonly message: string };

/** The program of a worker; it is there only once the project has been built. */
const PROGRAM = new URL("./open-worker.js", import.meta.url);

interface Waiting {
  readonly resolve: (worker: Worker) => void;
  readonly reject: (cause: Error) => void;
}

/** Decrypts in `count` threads, one file each at a time. The unlocked keys are handed to them in memory. */
export function workerOpener(keys: readonly PrivateKey[], count: number): Opener {
  const armored = keys.map((key) => key.armor());
  const start = () => new Worker(PROGRAM, { workerData: armored });
  const idle: Worker[] = Array.from({ length: count }, start);
  const all = new Set(idle);
  const waiting: Waiting[] = [];
  const take = (): Promise<Worker> => {
    const worker = idle.pop();
    return worker === undefined
      ? new Promise((resolve, reject) => waiting.push({ resolve, reject }))
      : Promise.resolve(worker);
  };
  const giveBack = (worker: Worker) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next.resolve(worker);
  };
  return {
    parallel: count,
    open: async (file, folder, onRead) => {
      const worker = await take();
      let usable = worker;
      try {
        return await order(worker, { file, folder }, onRead);
      } catch (cause) {
        if (!(cause instanceof WorkerFault)) {
          // It has fallen over on this file; the others are not to suffer for it.
          all.delete(worker);
          await worker.terminate();
          usable = start();
          all.add(usable);
        }
        throw cause;
      } finally {
        giveBack(usable);
      }
    },
    close: async () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("the workers have been stopped"));
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

async function order(worker: Worker, given: OpenOrder, onRead: OnRead | undefined): Promise<CaseRecord> {
  worker.postMessage(given);
  for (;;) {
    const ended = new AbortController();
    const report = await Promise.race([
      once(worker, "message", { signal: ended.signal }).then(([said]) => said as OpenReport),
      once(worker, "exit", { signal: ended.signal }).then(() => {
        throw new Error("the program that decrypts has fallen over on this file");
      }),
    ]).finally(() => ended.abort());
    if (report.kind === "opened") return report.record;
    if (report.kind === "failed") throw new WorkerFault(report.code ?? "internal", report.message);
    onRead?.(report.octets);
  }
}
