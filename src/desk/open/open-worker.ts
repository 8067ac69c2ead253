import { parentPort } from "node:worker_threads";
import { Fault } from "../../core/index.js";
import { type OpenReport, REPORT_BYTES } from "./open-report.js";
import type { OpenKeys, OpenRequest } from "./open-thread.js";
import { inThisThread, type Unpack } from "./opener.js";

// The program of the threads in `worker-opener.ts`.

let setKeys: (keys: OpenKeys) => void;
const keys = new Promise<OpenKeys>((resolve) => {
  setKeys = resolve;
});
let openpgpUnpack: Promise<Unpack> | undefined;
const open = inThisThread(
  keys.then(({ native }) => native),
  async (...request) => {
    openpgpUnpack ??= loadUnpack();
    return (await openpgpUnpack)(...request);
  },
);

const post = (report: OpenReport) => parentPort?.postMessage(report);

parentPort?.on("message", (message: OpenKeys | OpenRequest) => {
  if ("unlocked" in message) setKeys(message);
  else void handle(message);
});

async function handle({ id, file, folder, source }: OpenRequest): Promise<void> {
  let bytes = 0;
  const onRead = (count: number) => {
    bytes += count;
    if (bytes < REPORT_BYTES) return;
    post({ id, kind: "read", bytes });
    bytes = 0;
  };
  try {
    const record = await open(file, folder, source, onRead, (written) => post({ id, kind: "written", bytes: written }));
    post({ id, kind: "opened", record, bytes });
  } catch (cause) {
    const code = cause instanceof Fault ? String(cause.code) : null;
    post({ id, kind: "failed", code, message: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** Loading openpgp.js takes as long as decrypting two hundred messages without it. */
async function loadUnpack(): Promise<Unpack> {
  const [{ decryptingKey }, { unpackWith }] = await Promise.all([
    import("../../openpgp/index.js"),
    import("./unpack.js"),
  ]);
  const { unlocked } = await keys;
  return unpackWith(await Promise.all(unlocked.map(decryptingKey)));
}
