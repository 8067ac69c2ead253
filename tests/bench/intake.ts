import { randomBytes } from "node:crypto";
import { mkdir, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { createSubmission } from "../../src/core/index.js";
import { encryptMessage } from "../../src/native/index.js";
import type { Recipient } from "../../src/openpgp/index.js";
import { recipientOf } from "../support/keys.js";
import type { Bench } from "./bench-context.js";
import { interleave, type Run, rowsOf, type Way } from "./measure.js";
import { startOnionShare } from "./onionshare.js";
import { compiled, diskAtRest } from "./process-run.js";
import { emptied, type Running, startPortal, startServer } from "./running.js";
import { sendForm, sendPieces, sendPut } from "./senders.js";

const MIB = 1024 * 1024;
const MULTER = "multer, plaintext to a file";
const ONIONSHARE = "OnionShare, plaintext to a file";
const FORM = { gnupg: "Postern, gnupg", rfc9580: "Postern, rfc9580" };
const PUT = "one plain PUT, on the disk";
const TUS = "Postern, by tus in pieces of 8 MiB";

/** Takes one large document: without JavaScript, and as ciphertext in pieces. */
export async function measureIntake(bench: Bench): Promise<void> {
  const { mebibytes, rounds } = bench.sizes.intake;
  const script = await compiled("plain-server");
  const kept = join(bench.folder, "plain");
  await mkdir(kept);
  const portal = await startPortal(bench.folder);
  const newer = await startPortal(bench.folder, "rfc9580");
  const plain = await startServer(process.execPath, [script, kept], kept);
  const onionshare = await startOnionShare(bench);
  const timed =
    (server: Running, send: () => Promise<number>, folders: readonly string[]) => async (): Promise<Run> => {
      await emptied(...folders);
      await diskAtRest();
      const before = server.cost().cpu;
      const seconds = await send();
      const { cpu, peak } = server.cost();
      return { seconds, cpu: cpu - before, peak };
    };
  const storedBy = ({ folder }: Running) => [join(folder, "data/submissions")];
  const byForm = (server: Running) =>
    timed(server, () => sendForm(new URL("ru/submit", server.url), mebibytes), storedBy(server));
  const ways: Way[] = [
    { name: MULTER, run: timed(plain, () => sendForm(new URL("multer", plain.url), mebibytes), [kept]) },
    { name: FORM.gnupg, run: byForm(portal) },
    { name: FORM.rfc9580, run: byForm(newer) },
  ];
  if (onionshare !== null) {
    const send = () => sendForm(new URL("upload", onionshare.url), mebibytes, "file[]");
    ways.push({ name: ONIONSHARE, run: timed(onionshare, send, [join(onionshare.folder, "received")]) });
  }
  try {
    const baseline = onionshare === null ? MULTER : ONIONSHARE;
    for (const { run } of ways) await run();
    bench.add({
      title: `Intake of ${mebibytes} MiB without JavaScript`,
      unit: "MiB/s",
      baseline,
      rows: rowsOf(await interleave(ways, rounds), mebibytes, baseline),
      targets: [],
      note: `Multipart over loopback, ${rounds} rounds, timed to the end of the response. Postern responds after encryption and fsync of file and folder, and spends half a second of a core on the receipt code; the others do not sync. Each run begins with an idle disk.`,
    });
    const { path, bytes } = await messageFile(bench.folder, mebibytes, await recipientOf(portal.pair));
    const sending: Way[] = [
      { name: PUT, run: timed(plain, () => sendPut(new URL("plain", plain.url), path, bytes), [kept]) },
      {
        name: TUS,
        run: timed(portal, () => sendPieces(new URL("uploads", portal.url), path, bytes), storedBy(portal)),
      },
    ];
    for (const { run } of sending) await run();
    bench.add({
      title: `Intake of ${mebibytes} MiB of ciphertext`,
      unit: "MiB/s",
      baseline: PUT,
      rows: rowsOf(await interleave(sending, rounds), bytes / MIB, PUT),
      targets: [{ row: TUS, baseline: PUT, atLeast: 0.8 }],
      note: `Over loopback, ${rounds} rounds. Both sync before they respond; Postern also inspects the message and computes two digests of it.`,
    });
  } finally {
    await Promise.all([portal, newer, plain, onionshare].map((server) => server?.stop()));
  }
}

/** An encrypted submission with one document of so many MiB, in a file. */
export async function messageFile(folder: string, mebibytes: number, recipient: Recipient) {
  const block = randomBytes(MIB);
  let left = mebibytes;
  const document = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) return controller.close();
      left -= 1;
      controller.enqueue(block);
    },
  });
  const { stream } = createSubmission({
    caseId: "0".repeat(32),
    form: { id: "bench", version: 1 },
    language: "en",
    answers: {},
    letter: "",
    documents: [{ name: "a.bin", type: "", size: mebibytes * MIB, open: () => document }],
    encryptedBy: "browser",
  });
  const path = join(folder, "message");
  const file = await open(path, "w");
  for await (const chunk of await encryptMessage(stream, [recipient], new Date())) await file.write(chunk);
  await file.close();
  return { path, bytes: (await stat(path)).size };
}
