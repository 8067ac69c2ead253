import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault, readLedgerExport } from "../core/index.js";
import { burnMonth, readKeyLines } from "../desk/months/index.js";
import {
  burnRefusal,
  createMonthlyKey,
  extendMonthlyKey,
  type MonthSecret,
  parseMonth,
  wrapMonths,
} from "../months/index.js";
import { newSecret, secretLine } from "../shares/index.js";
import type { Config } from "./config.js";
import { requireOutside } from "./folders.js";
import { grouped } from "./grouped.js";
import { newPassphrase, passphrase } from "./passphrase.js";
import { type NewFile, writeAllOrNone } from "./write-files.js";

/** A file that was named cannot be read. */
export class KeysFileError extends Fault<"unreadable"> {}

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export interface MonthlyOptions {
  readonly epochs: number;
  /** Folder of the months' secrets. */
  readonly secret: string;
  readonly keyFile: string;
  readonly passphraseFile?: string;
}

export interface NewMonthlyOptions extends MonthlyOptions {
  readonly name: string;
  readonly email?: string;
}

/** `postern keys new --epochs`: a certificate with a subkey for each month. Writes all files or none. */
export async function newMonthlyKey(config: Config, options: NewMonthlyOptions): Promise<void> {
  process.umask(0o077);
  const { name, email, secret, keyFile, epochs } = options;
  await requireOutside(config, [secret, keyFile]);
  const key = await createMonthlyKey({
    userId: { name, ...(email === undefined ? {} : { email }) },
    passphrase: await newPassphrase(options.passphraseFile),
    count: epochs,
    now: new Date(),
  });
  const line = secretLine(newSecret());
  const short = key.fingerprint.slice(0, 16).toLowerCase();
  const own = (kind: string, contents: string): NewFile => ({
    path: join(secret, `postern-${short}-${kind}.asc`),
    contents,
    mode: SECRET_MODE,
  });
  const primary = own("primary", key.primaryKey);
  const revocation = own("revocation", key.revocationCertificate);
  const certificate = { path: join(config.keys, `${short}.asc`), contents: key.certificate, mode: PUBLIC_MODE };
  await writeAllOrNone([
    { path: keyFile, contents: `${line}\n`, mode: SECRET_MODE },
    ...(await monthFiles(key.fingerprint, key.months, secret, line)),
    ...[primary, revocation, certificate],
  ]);
  process.stdout.write(
    `fingerprint  ${grouped(key.fingerprint)}\ncertificate  ${certificate.path}\nprimary key  ${primary.path}\n` +
      `revocation   ${revocation.path}\nmonths       ${spanOf(key.months)} in ${secret}\nkey-file     ${keyFile}\n`,
  );
  process.stderr.write(
    "keep the primary key and the revocation certificate in a safe: they open no letter\n" +
      "keep the key-file on another medium than the months, one that you can destroy\n",
  );
}

/** `postern keys extend`: more months for a certificate. Writes a newer version of it beside the old one. */
export async function extendKey(
  config: Config,
  options: MonthlyOptions & { readonly certificate: string; readonly primary: string },
): Promise<void> {
  process.umask(0o077);
  const { secret, keyFile, epochs } = options;
  await requireOutside(config, [secret, keyFile]);
  const [line = ""] = await readKeyLines(keyFile);
  const { certificate, months, fingerprint } = await extendMonthlyKey({
    certificate: await text(options.certificate),
    primaryKey: await text(options.primary),
    passphrase: await passphrase(options.passphraseFile, "passphrase of the primary key: "),
    count: epochs,
    now: new Date(),
  });
  const short = fingerprint.slice(0, 16).toLowerCase();
  const path = join(config.keys, `${short}-${months[0]?.month}.asc`);
  await writeAllOrNone([
    ...(await monthFiles(fingerprint, months, secret, line)),
    { path, contents: certificate, mode: PUBLIC_MODE },
  ]);
  process.stdout.write(`certificate  ${path}\nmonths       ${spanOf(months)} in ${secret}\n`);
  process.stderr.write("carry the certificate to the server's keys folder: both files may stay there\n");
}

export interface BurnOptions {
  readonly secret: string;
  readonly keyFile: string;
  /** What `postern ledger` printed on the server. */
  readonly ledger?: string;
  readonly force?: boolean;
}

/** `postern keys burn`: destroys a month's secret, once all that came in it has been opened. @throws BurnRefusal */
export async function burn(given: string, { secret, keyFile, ledger, force = false }: BurnOptions): Promise<void> {
  process.umask(0o077);
  const month = parseMonth(given);
  const refusal = burnRefusal(month, ledger === undefined ? null : readLedgerExport(await text(ledger)), new Date());
  if (refusal !== null && !force) throw refusal;
  if (refusal !== null) process.stderr.write(`warning: ${refusal.message}\n`);
  else process.stderr.write(LATER);
  const left = await burnMonth({ month, folder: secret, keyFile, newKeyLine: secretLine(newSecret()) });
  process.stdout.write(`${month} is burnt; ${left} ${left === 1 ? "month is" : "months are"} left\n`);
  process.stderr.write(AFTER_BURNING);
}

/** Who encrypts without a network may hand the file in months later. */
const LATER = "a file that somebody made offline in that month, and hands in only now, cannot be opened any more\n";

const AFTER_BURNING = `the key-file was replaced: destroy every copy of the old one, and every copy of the month's file
a flash medium may keep what was overwritten: it needs the old key-file, so break the medium that had that
where GnuPG has imported the month, delete it there: gpg --delete-secret-keys FINGERPRINT!
letters of that month that are still on the medium stay closed: nobody can open them again
`;

async function monthFiles(
  fingerprint: string,
  months: readonly MonthSecret[],
  folder: string,
  line: string,
): Promise<NewFile[]> {
  const files = await wrapMonths(fingerprint, months, line);
  return files.map(({ name, contents }) => ({ path: join(folder, name), contents, mode: SECRET_MODE }));
}

function spanOf(months: readonly MonthSecret[]): string {
  return `${months[0]?.month} to ${months.at(-1)?.month}`;
}

async function text(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new KeysFileError("unreadable", `${path} cannot be read`, { cause });
  });
}
