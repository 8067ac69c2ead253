import { join } from "node:path";
import { dayOf } from "../core/index.js";
import { createKeyPair, type KeyProfile } from "../desk/index.js";
import { minuteOf, monthsLeft, type Recipient, type Use } from "../openpgp/index.js";
import { loadRecipients } from "../server/recipients/index.js";
import type { Config } from "./config.js";
import { requireOutside } from "./folders.js";
import { grouped } from "./grouped.js";
import { lifetimeSeconds } from "./lifetime.js";
import { lockedOut, openingPrograms } from "./opening-programs.js";
import { newPassphrase } from "./passphrase.js";
import { printable } from "./printable.js";
import { writeAllOrNone } from "./write-files.js";

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export interface NewKeyOptions {
  readonly name: string;
  readonly email?: string;
  readonly profile: KeyProfile;
  /** Folder for the secret key and its revocation certificate. */
  readonly secret: string;
  readonly passphraseFile?: string;
  /** Such as `2y`, `18m` or `90d`. */
  readonly expires: string;
}

/**
 * `postern keys new`: writes the certificate to the keys folder, the secret key and its revocation to another folder.
 * @throws FolderError, WriteError, LifetimeError or PassphraseError; then nothing is written
 */
export async function newKey(config: Config, options: NewKeyOptions): Promise<void> {
  process.umask(0o077);
  await requireOutside(config, [options.secret]);
  const lifetime = lifetimeSeconds(options.expires);
  const passphrase = await newPassphrase(options.passphraseFile);
  const pair = await createKeyPair({
    profile: options.profile,
    userId: { name: options.name, ...(options.email === undefined ? {} : { email: options.email }) },
    passphrase,
    lifetime,
  });
  const short = pair.fingerprint.slice(0, 16).toLowerCase();
  const files = [
    { path: join(options.secret, `postern-${short}-secret.asc`), contents: pair.secretKey, mode: SECRET_MODE },
    {
      path: join(options.secret, `postern-${short}-revocation.asc`),
      contents: pair.revocationCertificate,
      mode: SECRET_MODE,
    },
    { path: join(config.keys, `${short}.asc`), contents: pair.certificate, mode: PUBLIC_MODE },
  ];
  await writeAllOrNone(files);
  const [secret, revocation, certificate] = files.map(({ path }) => path);
  process.stdout.write(
    `fingerprint  ${grouped(pair.fingerprint)}\ncertificate  ${certificate}\nsecret key   ${secret}\nrevocation   ${revocation}\n`,
  );
  process.stderr.write(
    "move the secret key and the revocation certificate to the offline machine, and keep a copy in another place\n",
  );
}

/**
 * `postern keys check`: each recipient on a line, and about it.
 * @throws RecipientsError for what stops the server from starting
 */
export async function checkKeys(config: Config): Promise<void> {
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  for (const recipient of recipients.all) {
    process.stdout.write(`${summary(recipient, now)}\n`);
    for (const line of details(recipient, recipients.all, now)) process.stderr.write(`  ${printable(line)}\n`);
  }
  for (const warning of [...recipients.warnings(now), ...lockedOut(recipients.all)]) {
    process.stderr.write(`warning: ${printable(warning)}\n`);
  }
}

/** For people and programs: the fingerprint, when the certificate ends, and the profile. */
function summary(recipient: Recipient, now: Date): string {
  const { certificate, fingerprint, expires, aead } = recipient;
  const left = monthsLeft(recipient, now);
  const next = certificate.firstGap(now)?.until ?? null;
  const end = expires === null ? "does not expire" : `expires ${dayOf(expires)}`;
  const again = expires === null || next === null ? "" : `, begins again ${dayOf(next)}`;
  return `${grouped(fingerprint)}  ${end}${again}  ${aead === null ? "gnupg" : "rfc9580"}${left === null ? "" : `  ${left} months left`}`;
}

/** Which of its keys is encrypted to when, and which programs open the result. */
function details(recipient: Recipient, all: readonly Recipient[], now: Date): string[] {
  const { opens, fails } = openingPrograms(recipient, all, now);
  return [
    ...recipient.schedule.filter(({ until }) => until === null || until > now).flatMap((use) => describeUse(use, now)),
    `opens with ${opens.join(", ")}${fails.length === 0 ? "" : `; not with ${fails.join(", ")}`}`,
  ];
}

function describeUse({ keys: [key, ...additional], from, until }: Use, now: Date): string[] {
  const begins = from > now ? ` from ${time(from)}` : "";
  const ends = until === null ? "" : ` until ${time(until)}`;
  return [
    `encrypts to ${key.fingerprint} (${key.algorithm})${begins}${ends}`,
    ...additional.map((each) => `and to its additional decryption subkey ${each.fingerprint} (${each.algorithm})`),
  ];
}

function time(moment: Date): string {
  return minuteOf(moment.getTime());
}
