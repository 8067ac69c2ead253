import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { DAY_MS, Fault, randomHex } from "../core/index.js";
import { createKeyPair, findSubmissions, keyOpener, openSubmissions, readKeyRing } from "../desk/index.js";
import { createLog } from "../http/index.js";
import { readConfig } from "./config.js";
import { grouped } from "./grouped.js";
import { startMailServer } from "./mail.js";
import { startPortal } from "./portal.js";

export class DemoError extends Fault<"not_accepted" | "not_opened"> {}

/** Beyond the 30 days in which the portal warns of expiry. */
const LIFETIME_SECONDS = (90 * DAY_MS) / 1000;

const APPEAL = {
  message:
    "Здравствуйте. Моего сына арестовали за пост против войны. Суд дал ему семь лет.\n" +
    "Адвоката у нас больше нет. Прошу вас, помогите.",
  prisoner: "Иванов Пётр, 1999 года рождения",
  place: "СИЗО-1, Екатеринбург",
  charge: "Статья 207.3, с марта 2024 года",
  request: "Включить в списки на обмен, найти адвоката",
  writer: "Мать",
  contact: "Signal, номер скажу в ответ",
};

const DOCUMENTS = [
  new File(["ПРИГОВОР\nИменем Российской Федерации…\n"], "приговор.txt", { type: "text/plain" }),
  new File(
    [
      Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      ),
    ],
    "паспорт.png",
    { type: "image/png" },
  ),
];

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

/**
 * `postern demo`: sends and opens a sample appeal and a sample mail on loopback, with a throw-away key, then serves
 * until a signal.
 * @param once whether to stop after the sample appeal
 * @param program path of the running program, for the command that it suggests
 * @throws DemoError
 */
export async function demo(once: boolean, program: string): Promise<void> {
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
    store: { kind: "file", folder: place("data") } as const,
    minFree: 0,
  };
  const portal = await startPortal(config, createLog(process.stderr), true);
  say(`portal                ${portal.address}`);

  await submitSample(portal.address);
  say("sample appeal         sent in Russian with two documents, through the form");
  const [form = ""] = await findSubmissions([place("data/submissions")]);
  const mail = await startMailServer({ ...config, mail: MAIL }, createLog(process.stderr));
  say(`mail server           ${mail.addresses.join(", ")} for ${MAIL.addresses.join(", ")}`);
  await mailSample(mail.addresses[0] ?? "");
  say("sample mail           sent in Russian with two documents, by email");
  const all = await findSubmissions([place("data/submissions")]);
  // The form's first, whatever the names.
  const ciphertexts = [form, ...all.filter((each) => each !== form)];
  for (const ciphertext of ciphertexts) say(`ciphertext            ${ciphertext}`);

  const { ring } = await readKeyRing([place("secret/key.asc")]);
  await ring.unlock(passphrase);
  const opening = { opener: keyOpener(await ring.keys()), out: place("cases") };
  for (const ciphertext of ciphertexts) {
    for await (const outcome of openSubmissions([ciphertext], opening)) {
      if (outcome.kind === "failed") {
        throw new DemoError("not_opened", "the desk could not open the sample appeal", { cause: outcome.cause });
      }
      say(`plaintext             ${outcome.folder}`);
    }
  }
  say(`to open more by hand  node ${program} open ${place("data/submissions")} \\`);
  say(`                        --key ${place("secret/key.asc")} \\`);
  say(`                        --passphrase-file ${place("secret/passphrase")} --out ${place("cases")}`);
  if (once) {
    portal.stop();
    await mail.stop(0);
    return;
  }
  say(`\nopen ${portal.address} in a browser; Ctrl-C ends the demonstration`);
  await portal.untilStopped();
  await mail.stop(0);
  say(`\nthe demonstration's files are still in ${folder}`);
}

async function mailSample(address: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const transport = createTransport({ host: hostname, port: Number(port), ignoreTLS: true });
  const attachments = await Promise.all(
    DOCUMENTS.map(async (document) => ({
      filename: document.name,
      content: Buffer.from(await document.arrayBuffer()),
    })),
  );
  try {
    await transport.sendMail({
      from: "Мать <mother@example.com>",
      to: [...MAIL.addresses],
      subject: "Прошу помощи",
      text: APPEAL.message,
      attachments,
    });
  } catch (cause) {
    throw new DemoError("not_accepted", "the mail server did not take the sample mail", { cause });
  } finally {
    transport.close();
  }
}

async function submitSample(address: string): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(APPEAL)) form.append(name, value);
  for (const document of DOCUMENTS) form.append("documents", document);
  const response = await fetch(new URL("/ru/submit", address), { method: "POST", body: form });
  await response.arrayBuffer();
  if (response.status !== 200) throw new DemoError("not_accepted", `the portal answered ${response.status}`);
}
