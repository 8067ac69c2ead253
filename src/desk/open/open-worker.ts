import { parentPort } from "node:worker_threads";
import { Fault } from "../../core/index.js";
import type { OpenKeys, OpenOrder, OpenReport } from "./open-thread.js";
import { inThisThread, type Unpack } from "./opener.js";

// One of the threads of `worker-opener.ts`.

let tell: (keys: OpenKeys) => void;
const keys = new Promise<OpenKeys>((resolve) => {
  tell = resolve;
});
let slow: Promise<Unpack> | undefined;
const open = inThisThread(
  keys.then(({ quick }) => quick),
  async (...given) => {
    slow ??= loadUnpack();
    return (await slow)(...given);
  },
);

/** Bytes that are worth a message of their own. */
const NOTABLE = 1024 * 1024;
const say = (report: OpenReport) => parentPort?.postMessage(report);

parentPort?.on("message", (message: OpenKeys | OpenOrder) => {
  if ("armored" in message) tell(message);
  else void work(message);
});

async function work({ id, file, folder, source }: OpenOrder): Promise<void> {
  let bytes = 0;
  const onRead = (count: number) => {
    bytes += count;
    if (bytes < NOTABLE) return;
    say({ id, kind: "read", bytes });
    bytes = 0;
  };
  try {
    const record = await open(file, folder, source, onRead);
    say({ id, kind: "opened", record, bytes });
  } catch (cause) {
    const code = cause instanceof Fault ? String(cause.code) : null;
    say({ id, kind: "failed", code, message: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** openpgp.js, which takes as long to load as two hundred messages do to be decrypted without it. */
async function loadUnpack(): Promise<Unpack> {
  const [{ readPrivateKey }, { unpackWith }] = await Promise.all([import("openpgp"), import("./unpack.js")]);
  const { armored } = await keys;
  return unpackWith(await Promise.all(armored.map((armoredKey) => readPrivateKey({ armoredKey }))));
}
