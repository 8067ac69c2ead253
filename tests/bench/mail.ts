import { rm } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import type { Bench } from "./bench-context.js";
import { MailSender, mailBody } from "./mail-sender.js";
import { interleave, percentile, type Run, rowsOf, type Way } from "./measure.js";
import { MAIN, makePlace, type Running, startPortal, startServer } from "./running.js";
import { sendMessage } from "./senders.js";
import { syncedFiles } from "./synced-files.js";

const STAFF = "help@example.org";
const LETTER_BYTES = 20 * 1024;
const LONG_BYTES = 25 * 1024 ** 2;
const CROWD_BYTES = 200 * 1024;
const CROWD = 100;
const AT_ONCE = 32;
const FSYNC = "fsync of 20 KiB, one after the other";
const SHORT = "postern mail, 32 connections";
const THROWN_AWAY = "smtp-server, which throws them away";
const LONG = "postern mail";
const BUSY = "postern mail, 100 connections with 200 KiB each";

/** Letters by email, each durable before it is answered. */
export async function measureMail(bench: Bench): Promise<void> {
  await measureShort(bench);
  await measureLong(bench);
  await measureCrowd(bench);
}

async function measureShort(bench: Bench): Promise<void> {
  const { count, rounds } = bench.sizes.letters;
  const server = await startMail(bench.folder);
  const senders = await connected(server.url, AT_ONCE);
  const body = mailBody(LETTER_BYTES);
  const path = join(bench.folder, "synced");
  const ways: Way[] = [
    syncedFiles(FSYNC, path, LETTER_BYTES, count),
    { name: SHORT, run: () => measured(server, () => sendAll(senders, body, count)) },
  ];
  try {
    await sendAll(senders, body, AT_ONCE);
    bench.add({
      title: "Letters of 20 KiB by email",
      unit: "a second",
      baseline: FSYNC,
      rows: rowsOf(await interleave(ways, rounds), count, FSYNC),
      targets: [],
      note: `${count} letters a round, ${rounds} rounds; clients on the same cores. Each is parsed, padded to 64 KiB, encrypted and synced before its 250.`,
    });
  } finally {
    for (const sender of senders) sender.close();
    await server.stop();
    await rm(path, { force: true });
  }
}

async function measureLong(bench: Bench): Promise<void> {
  const { rounds } = bench.sizes.letters;
  const bytes = bench.sizes.intake.mebibytes < 16 ? 2 * 1024 ** 2 : LONG_BYTES;
  const [server, sink] = [await startMail(bench.folder), await startSink(bench.folder)];
  const [sender] = await connected(server.url, 1);
  const [other] = await connected(sink.url, 1);
  const body = mailBody(bytes);
  const way = (name: string, running: Running, by: MailSender | undefined): Way => ({
    name,
    run: () => measured(running, async () => by?.send(body)),
  });
  const ways = [way(THROWN_AWAY, sink, other), way(LONG, server, sender)];
  try {
    for (const { run } of ways) await run();
    bench.add({
      title: "One mail of 25 MiB",
      unit: "MB/s",
      baseline: THROWN_AWAY,
      rows: rowsOf(await interleave(ways, rounds), body.length / 1e6, THROWN_AWAY),
      targets: [],
      note: "The mail is stored with its document and as it came, so 1.75 times its size is encrypted and synced before the 250.",
    });
  } finally {
    sender?.close();
    other?.close();
    await Promise.all([server.stop(), sink.stop()]);
  }
}

async function measureCrowd(bench: Bench): Promise<void> {
  const { seconds } = bench.sizes.mail;
  const portal = await startPortal(bench.folder);
  const server = await startMail(bench.folder, { POSTERN_STORE: `file:${join(portal.folder, "data")}` });
  const senders = await connected(server.url, CROWD);
  const agent = new Agent({ keepAlive: true });
  const message = await submissionMessage(await recipientOf(portal.pair), LETTER_BYTES);
  const body = mailBody(CROWD_BYTES);
  const end = performance.now() + seconds * 1000;
  const times: number[] = [];
  let letters = 0;
  const write = async (sender: MailSender) => {
    for (; performance.now() < end; letters += 1) await sender.send(body);
  };
  const visit = async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      await sendMessage(new URL("uploads", portal.url), message, agent);
      times.push(performance.now() - begun);
    }
  };
  try {
    const {
      cpu = Number.NaN,
      peak = Number.NaN,
      seconds: took,
    } = await measured(server, async () => {
      await Promise.all([...senders.map(write), visit()]);
    });
    bench.add({
      title: "A crowd of mail servers",
      unit: "letters a second",
      baseline: BUSY,
      rows: [{ name: BUSY, value: letters / took, runs: [letters / took], ratio: 1, cpuSeconds: cpu, peakMiB: peak }],
      targets: [],
      note: `For ${seconds} s; clients on the same cores. A portal over the same store took letters meanwhile, one after the other: p99 ${percentile(times, 0.99).toFixed(0)} ms.`,
    });
  } finally {
    agent.destroy();
    for (const sender of senders) sender.close();
    await Promise.all([server.stop(), portal.stop()]);
  }
}

async function startMail(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const { own } = await makePlace(folder, "mail-");
  return startServer(process.execPath, [MAIN, "mail"], own, {
    POSTERN_MAIL_LISTEN: "127.0.0.1:0",
    POSTERN_MAIL_ADDRESSES: STAFF,
    POSTERN_MIN_FREE: "0",
    ...env,
  });
}

/** The library alone. */
function startSink(folder: string): Promise<Running> {
  const program = `
    import { SMTPServer } from "smtp-server";
    const server = new SMTPServer({
      authOptional: true, logger: false, disableReverseLookup: true, hideSTARTTLS: true, size: 1e9,
      onData: (stream, session, done) => stream.resume().on("end", () => done(null)),
    });
    server.listen(0, "127.0.0.1", () => console.log("smtp://127.0.0.1:" + server.server.address().port + "/"));
  `;
  return startServer(process.execPath, ["--input-type=module", "-e", program], folder);
}

function connected(url: string, count: number): Promise<MailSender[]> {
  return Promise.all(Array.from({ length: count }, () => MailSender.connect(url, STAFF)));
}

async function sendAll(senders: readonly MailSender[], body: Uint8Array, count: number): Promise<void> {
  let left = count;
  const write = async (sender: MailSender) => {
    for (; left > 0; ) {
      left -= 1;
      await sender.send(body);
    }
  };
  await Promise.all(senders.map(write));
}

async function measured(server: Running, act: () => Promise<unknown>): Promise<Run> {
  const before = server.cost();
  const begun = performance.now();
  await act();
  const seconds = (performance.now() - begun) / 1000;
  const { cpu, peak } = server.cost();
  return { seconds, cpu: cpu - before.cpu, peak };
}
