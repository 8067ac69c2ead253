import { parentPort, workerData } from "node:worker_threads";
import { readPrivateKey } from "openpgp";
import { Fault } from "../core/index.js";
import { keyOpener } from "./opener.js";
import type { OpenOrder, OpenReport } from "./worker-opener.js";

// One of the threads of `worker-opener.ts`.

const opener = Promise.all((workerData as readonly string[]).map((armoredKey) => readPrivateKey({ armoredKey }))).then(
  keyOpener,
);
/** Octets that are worth a message of their own. */
const NOTABLE = 1024 * 1024;
const say = (report: OpenReport) => parentPort?.postMessage(report);

parentPort?.on("message", async ({ id, file, folder, source }: OpenOrder) => {
  let octets = 0;
  const onRead = (count: number) => {
    octets += count;
    if (octets < NOTABLE) return;
    say({ id, kind: "read", octets });
    octets = 0;
  };
  try {
    const { open } = await opener;
    const record = await open(file, folder, source, onRead);
    say({ id, kind: "opened", record, octets });
  } catch (cause) {
    const code = cause instanceof Fault ? String(cause.code) : null;
    say({ id, kind: "failed", code, message: cause instanceof Error ? cause.message : String(cause) });
  }
});
