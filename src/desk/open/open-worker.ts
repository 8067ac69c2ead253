import { parentPort } from "node:worker_threads";
import { Fault } from "../../core/index.js";
import type { OpenKeys, OpenReport, OpenRequest } from "./open-thread.js";
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

/** Progress is reported whenever this much has been read. */
const REPORT_BYTES = 1024 * 1024;
const post = (report: OpenReport) => parentPort?.postMessage(report);

parentPort?.on("message", (message: OpenKeys | OpenRequest) => {
  if ("armored" in message) setKeys(message);
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
    const record = await open(file, folder, source, onRead);
    post({ id, kind: "opened", record, bytes });
  } catch (cause) {
    const code = cause instanceof Fault ? String(cause.code) : null;
    post({ id, kind: "failed", code, message: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** Loading openpgp.js takes as long as decrypting two hundred messages without it. */
async function loadUnpack(): Promise<Unpack> {
  const [{ readPrivateKey }, { unpackWith }] = await Promise.all([import("openpgp"), import("./unpack.js")]);
  const { armored } = await keys;
  return unpackWith(await Promise.all(armored.map((armoredKey) => readPrivateKey({ armoredKey }))));
}
