import { parentPort, workerData } from "node:worker_threads";
import { readPrivateKey } from "openpgp";
import { Fault } from "../core/index.js";
import { keyOpener } from "./opener.js";
import type { OpenOrder, OpenReport } from "./worker-opener.js";

// One of the threads of `worker-opener.ts`: opens one file after the other.

const keys = Promise.all((workerData as readonly string[]).map((armoredKey) => readPrivateKey({ armoredKey })));
const say = (report: OpenReport) => parentPort?.postMessage(report);

parentPort?.on("message", async ({ file, folder }: OpenOrder) => {
  try {
    const opener = keyOpener(await keys);
    say({ kind: "opened", record: await opener.open(file, folder, (octets) => say({ kind: "read", octets })) });
  } catch (cause) {
    const code = cause instanceof Fault ? String(cause.code) : null;
    say({ kind: "failed", code, message: cause instanceof Error ? cause.message : String(cause) });
  }
});
