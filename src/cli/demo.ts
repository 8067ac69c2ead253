import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DAY_MS, randomHex } from "../core/index.js";
import { writeCaseIndex } from "../desk/html/index.js";
import {
  createKeyPair,
  createWorkbench,
  findSubmissions,
  keyOpener,
  openSubmissions,
  readKeyRing,
} from "../desk/index.js";
import { createLog } from "../http/index.js";
import { readConfig } from "./config.js";
import { storeLetters } from "./demo-letters.js";
import { addDemoStaff, endDemonstration, showRoles } from "./demo-roles.js";
import { DemoError, mailSample, submitSample } from "./demo-samples.js";
import { grouped } from "./grouped.js";
import { listen, stop } from "./listen.js";
import { startMailServer } from "./mail.js";
import { startPortal } from "./portal.js";

/** Beyond the 30 days in which the portal warns of expiry. */
const LIFETIME_SECONDS = (90 * DAY_MS) / 1000;

/** Made-up letters beside the two samples. */
const LETTERS = 40;

const MAIL = {
  listen: { host: "127.0.0.1", port: 0 },
  tlsListen: null,
  protocol: "smtp",
  addresses: ["help@example.org"],
  certificate: null,
  key: "",
  requireTls: false,
  maxMessage: 50 * 1024 ** 2,
  resolvers: null,
  answer: null,
} as const;

export interface DemoOptions {
  /** Whether to stop after the sample appeal. */
  readonly once: boolean;
  /** Path of the running program, for the command that it suggests. */
  readonly program: string;
  readonly hasDisplay: boolean;
}

/**
 * `postern demo`: sends and opens a sample appeal and a sample mail on loopback, with a throw-away key. Then it serves
 * all roles until a signal: who writes, who collects, who reads, and who answers.
 * @throws DemoError
 */
export async function demo({ once, program, hasDisplay }: DemoOptions): Promise<void> {
  process.umask(0o077);
  const folder = await mkdtemp(join(tmpdir(), "postern-demo-"));
  const place = (name: string) => join(folder, name);
  const say = (text: string) => process.stdout.write(`${text}\n`);

  const passphrase = randomHex(16);
  const pair = await createKeyPair({
    profile: "gnupg",
    userId: { name: "Postern demonstration, throw away" },
    passphrase,
    lifetime: LIFETIME_SECONDS,
  });
  await mkdir(place("keys"));
  await mkdir(place("secret"));
  await writeFile(place("keys/demonstration.asc"), pair.certificate);
  await writeFile(place("secret/key.asc"), pair.secretKey);
  await writeFile(place("secret/passphrase"), `${passphrase}\n`);
  say(`throw-away key        ${grouped(pair.fingerprint)}`);

  const config = {
    ...readConfig({}),
    listen: { host: "127.0.0.1", port: 0 },
    keys: place("keys"),
    pickupListen: once ? null : { host: "127.0.0.1", port: 0 },
    staff: place("staff"),
    store: { kind: "file", folder: place("data") } as const,
    minFree: 0,
  };
  const staff = once ? null : await addDemoStaff(config.staff);
  const portal = await startPortal(config, createLog(process.stderr), true);
  say(`portal                ${portal.address}`);

  await submitSample(portal.address);
  say("sample appeal         sent in Russian with two documents, through the form");
  const [form = ""] = await findSubmissions([place("data/submissions")]);
  const mail = await startMailServer({ ...config, mail: MAIL }, createLog(process.stderr));
  say(`mail server           ${mail.addresses.join(", ")} for ${MAIL.addresses.join(", ")}`);
  await mailSample(mail.addresses[0] ?? "", MAIL.addresses[0]);
  say("sample mail           sent in Russian with two documents, by email");
  const all = await findSubmissions([place("data/submissions")]);
  // The form's first, whatever the names.
  const ciphertexts = [form, ...all.filter((each) => each !== form)];
  for (const ciphertext of ciphertexts) say(`ciphertext            ${ciphertext}`);

  const { ring } = await readKeyRing([place("secret/key.asc")]);
  await ring.unlock(passphrase);
  const open = async (files: readonly string[]) => {
    const folders: string[] = [];
    const opening = { opener: keyOpener(await ring.keys()), out: place("cases") };
    for await (const outcome of openSubmissions(files, opening)) {
      if (outcome.kind === "failed") {
        throw new DemoError("not_opened", "the desk could not open a sample", { cause: outcome.cause });
      }
      folders.push(outcome.folder);
    }
    return folders;
  };
  for (const ciphertext of ciphertexts) {
    for (const opened of await open([ciphertext])) say(`plaintext             ${opened}`);
  }
  say(`to open more by hand  node ${program} open ${place("data/submissions")} \\`);
  say(`                        --key ${place("secret/key.asc")} \\`);
  say(`                        --passphrase-file ${place("secret/passphrase")} --out ${place("cases")}`);
  if (staff === null) {
    portal.stop();
    await mail.stop(0);
    return;
  }
  await storeLetters(config.store.folder, portal.recipients.all, LETTERS);
  const letters = await open(await findSubmissions([place("data/submissions")]));
  const cases = pathToFileURL(await writeCaseIndex(place("cases"))).href;
  const workbench = await createWorkbench(place("cases"), (fault) => void process.stderr.write(`${fault.message}\n`), {
    outbox: place("outbox"),
    staff: async () => portal.recipients.all,
  });
  await listen(workbench.server, { host: "127.0.0.1", port: 0 });
  showRoles({
    form: new URL("ru/", portal.address).href,
    pickup: portal.pickup ?? "",
    cases,
    workbench: workbench.newAddress(),
    letters: letters.length,
    staff,
    hasDisplay,
  });
  await portal.untilStopped();
  stop(workbench.server);
  await workbench.end();
  await mail.stop(0);
  await endDemonstration(folder);
}
