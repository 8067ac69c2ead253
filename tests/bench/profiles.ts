import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { Agent } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createKeyPair } from "../../src/desk/index.js";
import { makeSubmissions } from "../support/cases.js";
import { recipientOf } from "../support/keys.js";
import { submissionMessage } from "../support/message.js";
import type { Bench } from "./bench-context.js";
import { topOf } from "./cpu-profile.js";
import { messageFile } from "./intake.js";
import { crowd } from "./letters.js";
import { compiled, runScript } from "./process-run.js";
import { startPortal } from "./running.js";
import { sendForm, sendLetterForm, sendMessage, sendPieces } from "./senders.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const LETTER_BYTES = 20 * 1024;
/** Without JavaScript: each of them waits for its code. */
const MOST_FORMS = 40;

/** Takes a CPU profile of each path that has a target. */
export async function takeProfiles(bench: Bench): Promise<void> {
  const { mebibytes } = bench.sizes.intake;
  const folder = async () => mkdtemp(join(bench.folder, "profile-"));
  const flags = (into: string) => ["--cpu-prof", `--cpu-prof-dir=${into}`];

  const script = await compiled("encrypt-process");
  const files = [join(bench.folder, "profile-8"), join(bench.folder, "profile-big")] as const;
  await writeFile(files[0], Buffer.alloc(1024 * 1024));
  await writeFile(files[1], Buffer.alloc(mebibytes * 1024 * 1024, 7));
  for (const profile of ["gnupg", "rfc9580"] as const) {
    const into = await folder();
    const pair = await createKeyPair({ profile, userId: { name: "bench" }, passphrase: "", lifetime: 1e8 });
    const key = join(into, "key.asc");
    await writeFile(key, pair.certificate);
    await runScript(script, ["postern", profile, key, ...files], flags(into));
    bench.profile({
      title: `Server encryption of ${mebibytes} MiB, ${profile}`,
      rows: await topOf(into),
      note:
        profile === "gnupg"
          ? "Both threads together. AES-256-CFB cannot run in parallel, and OpenSSL's is slower than libgcrypt's, so one thread does only that. The other reads, computes the SHA-1, and copies each block to the cipher's memory and back (fill, pull), which is slow because two cores share that memory."
          : "Both threads together. AES-GCM itself is a small part. Copying each block to the cipher's memory and back (fill, pull), submitting reads, and waking the other thread (#hand) cost as much.",
    });
  }

  const server = async (
    title: string,
    note: string,
    use: (portal: Awaited<ReturnType<typeof startPortal>>) => Promise<unknown>,
  ) => {
    const into = await folder();
    const portal = await startPortal(bench.folder, "gnupg", flags(into));
    await use(portal).finally(() => portal.stop());
    bench.profile({ title, rows: await topOf(into), note });
  };
  await server(
    `Intake of ${mebibytes} MiB without JavaScript`,
    "All threads together. Each byte is encrypted for the spool, decrypted from it, encrypted for staff, hashed, and written twice; plaintext servers write it once and do not wait for the disk. Encryption for staff cannot begin before the whole body has arrived, since an archive states each size first. AES-256-CFB then takes as long by itself as OnionShare takes for everything. The receipt code's PBKDF2 is not counted.",
    (portal) => sendForm(new URL("ru/submit", portal.url), mebibytes),
  );
  await server(
    `Intake of ${mebibytes} MiB of ciphertext`,
    "Two digests of every byte, which a plain PUT does not compute, are half of it; writing comes next. Most of the time the thread is idle and waits for bytes or for the disk.",
    async (portal) => {
      const { path, bytes } = await messageFile(bench.folder, mebibytes, await recipientOf(portal.pair));
      await sendPieces(new URL("uploads", portal.url), path, bytes);
    },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  await server(
    "Letters of 20 KiB by tus",
    "Mostly calls to the thread pool of the file system: each letter is a file created, written, stamped, synced and renamed, and a share of a note and of two folders. The rest is HTTP: two requests, each answered with some twenty security headers.",
    async (portal) => {
      const message = await submissionMessage(await recipientOf(portal.pair), LETTER_BYTES);
      const send = () => sendMessage(new URL("uploads", portal.url), message, agent);
      await crowd(bench.sizes.letters.count, 20, [], send);
    },
  );
  agent.destroy();
  await server(
    "Letters of 20 KiB without JavaScript",
    "No function stands out: reading the form, the receipt's page, X25519, an archive, and a file created, written, stamped, synced and renamed. Of 40 letters, so that starting the portal counts; the thread that makes receipt codes does not.",
    async (portal) => {
      const url = new URL("ru/submit", portal.url);
      const count = Math.min(MOST_FORMS, bench.sizes.rested.letters);
      await crowd(count, 4, [], () => sendLetterForm(url, LETTER_BYTES));
    },
  );

  const into = await folder();
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e8 });
  const inbox = await folder();
  await makeSubmissions(inbox, bench.sizes.opening.submissions, await recipientOf(pair));
  await writeFile(join(into, "key.asc"), pair.secretKey);
  const words = [MAIN, "open", inbox, "--key", join(into, "key.asc"), "--out", join(into, "cases"), "--no-notices"];
  const child = spawn(process.execPath, [...flags(into), ...words], { stdio: "ignore" });
  await once(child, "close");
  bench.profile({
    title: `Opening ${bench.sizes.opening.submissions} submissions offline`,
    rows: await topOf(into),
    note: "All threads together. Garbage collection and compiling modules cost as much as AES and X25519: twenty letters take 0.8 s and 1,000 take 2.7 s on a quiet machine, since three threads load their modules first, and the index holds what draws documents. The rest is files: each case has five or more, which are opened, written, synced and closed.",
  });
}
