import { mkdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DAY_MS, dayOf, Fault } from "../core/index.js";
import { createKeyPair, type KeyProfile } from "../desk/index.js";
import { loadRecipients } from "../server/index.js";
import { type Config, isInside, localFolder } from "./config.js";
import { askNewPassphrase, passphraseFromFile } from "./passphrase.js";

export class KeysError extends Fault<"unsafe_place" | "exists" | "bad_lifetime"> {}

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

const UNITS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/** `postern keys new`: the certificate goes to the keys folder, the secret key and its revocation elsewhere. */
export async function newKey(config: Config, options: NewKeyOptions): Promise<void> {
  process.umask(0o077);
  for (const folder of [config.keys, localFolder(config)]) {
    if (isInside(await real(options.secret), await real(folder))) {
      throw new KeysError("unsafe_place", `a secret key must not be in ${folder}; choose another folder with --secret`);
    }
  }
  const lifetime = parseLifetime(options.expires);
  const passphrase =
    options.passphraseFile === undefined ? await askNewPassphrase() : await passphraseFromFile(options.passphraseFile);
  const pair = await createKeyPair({
    profile: options.profile,
    userId: { name: options.name, ...(options.email === undefined ? {} : { email: options.email }) },
    passphrase,
    lifetime,
  });
  const short = pair.fingerprint.slice(0, 16).toLowerCase();
  const files = [
    { path: join(options.secret, `postern-${short}-secret.asc`), contents: pair.secretKey },
    { path: join(options.secret, `postern-${short}-revocation.asc`), contents: pair.revocationCertificate },
    { path: join(config.keys, `${short}.asc`), contents: pair.certificate },
  ];
  await writeAllOrNone(files);
  const [secret, revocation, certificate] = files.map(({ path }) => path);
  process.stdout.write(
    `fingerprint  ${groups(pair.fingerprint)}\ncertificate  ${certificate}\nsecret key   ${secret}\nrevocation   ${revocation}\n`,
  );
  process.stderr.write(
    "move the secret key and the revocation certificate to the offline machine, and keep a copy apart\n",
  );
}

/** `postern keys check`: one line per recipient; throws RecipientsError for what would keep the server from starting. */
export async function checkKeys(config: Config): Promise<void> {
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  for (const { fingerprint, expires, aead } of recipients.all) {
    const end = expires === null ? "does not expire" : `expires ${dayOf(expires)}`;
    process.stdout.write(`${groups(fingerprint)}  ${end}  ${aead === null ? "gnupg" : "rfc9580"}\n`);
  }
  for (const warning of recipients.warnings(now)) process.stderr.write(`warning: ${warning}\n`);
}

async function writeAllOrNone(files: readonly { readonly path: string; readonly contents: string }[]): Promise<void> {
  for (const { path } of files) {
    await mkdir(dirname(path), { recursive: true });
    const taken = await stat(path).then(
      () => true,
      () => false,
    );
    if (taken) throw new KeysError("exists", `${path} exists already`);
  }
  const written: string[] = [];
  try {
    for (const { path, contents } of files) {
      await writeFile(path, contents, { mode: 0o600, flag: "wx" });
      written.push(path);
    }
  } catch (cause) {
    for (const path of written) await rm(path, { force: true });
    throw cause;
  }
}

/** A lifetime such as `2y`, in seconds. */
export function parseLifetime(text: string): number {
  const match = /^(\d{1,4})([dwmy])$/.exec(text);
  const days = Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? Number.NaN);
  if (!(days > 0)) throw new KeysError("bad_lifetime", `${text} is not a lifetime; write 2y, 18m, 12w or 90d`);
  return (days * DAY_MS) / 1000;
}

/** Where a folder really is, links followed. */
async function real(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}

/** A fingerprint as people compare it: in groups of four. */
export function groups(fingerprint: string): string {
  return fingerprint.replace(/(.{4})(?=.)/g, "$1 ");
}
