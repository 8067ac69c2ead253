import { mkdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { dayOf, Fault } from "../core/index.js";
import { createKeyPair, type KeyProfile } from "../desk/index.js";
import { loadRecipients } from "../server/index.js";
import type { Config } from "./config.js";
import { isInside, localFolder } from "./folders.js";
import { grouped } from "./grouped.js";
import { lifetimeSeconds } from "./lifetime.js";
import { newPassphrase } from "./passphrase.js";

export class KeysError extends Fault<"unsafe_place" | "exists"> {}

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
 * @throws KeysError, LifetimeError or PassphraseError; then nothing is written
 */
export async function newKey(config: Config, options: NewKeyOptions): Promise<void> {
  process.umask(0o077);
  for (const folder of [config.keys, localFolder(config)]) {
    if (isInside(await resolved(options.secret), await resolved(folder))) {
      throw new KeysError("unsafe_place", `a secret key must not be in ${folder}; choose another folder with --secret`);
    }
  }
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
    { path: join(options.secret, `postern-${short}-secret.asc`), contents: pair.secretKey },
    { path: join(options.secret, `postern-${short}-revocation.asc`), contents: pair.revocationCertificate },
    { path: join(config.keys, `${short}.asc`), contents: pair.certificate },
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

/** `postern keys check`: one line per recipient. @throws RecipientsError for what stops the server from starting */
export async function checkKeys(config: Config): Promise<void> {
  const now = new Date();
  const recipients = await loadRecipients(config.keys, now);
  for (const { fingerprint, expires, aead } of recipients.all) {
    const end = expires === null ? "does not expire" : `expires ${dayOf(expires)}`;
    process.stdout.write(`${grouped(fingerprint)}  ${end}  ${aead === null ? "gnupg" : "rfc9580"}\n`);
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
    if (taken) throw new KeysError("exists", `${path} already exists`);
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

/** The folder with symbolic links resolved. */
async function resolved(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}
