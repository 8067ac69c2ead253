import { type LedgerExport, readLedgerExport } from "../core/index.js";
import {
  burnRefusal,
  createMonthlyKey,
  extendMonthlyKey,
  type Month,
  type MonthSecret,
  monthInSecret,
  parseMonth,
  unwrapMonth,
  wrapMonth,
  wrapMonths,
} from "../months/index.js";
import { newSecret, secretLine } from "../shares/index.js";
import { keyFault } from "./key-fault.js";
import { type ReadableFile, sortFiles } from "./key-files.js";
import { KeyWorkError } from "./key-work-error.js";
import { type KeyWork, type MadeFile, madeFile, NO_WORK } from "./made-file.js";

// A browser overwrites no file: what changes is made anew, to be saved, and what is to be destroyed is named.

/** Without an ending, Chromium would add one. */
const KEY_FILE = "key-file.txt";

/** A certificate with a key for each month, as `postern keys new --epochs` makes it. */
export async function makeMonths(name: string, passphrase: string, count: number): Promise<KeyWork> {
  const key = await createMonthlyKey({ userId: { name }, passphrase, count, now: new Date() });
  const line = secretLine(newSecret());
  const short = key.fingerprint.slice(0, 16).toLowerCase();
  return {
    ...NO_WORK,
    files: [
      madeFile(`${short}.asc`, key.certificate),
      madeFile(`postern-${short}-primary.asc`, key.primaryKey),
      madeFile(`postern-${short}-revocation.asc`, key.revocationCertificate),
      ...(await wrapAll(key.fingerprint, key.months, line)),
    ],
    keyFile: madeFile(KEY_FILE, `${line}\n`),
  };
}

/** More months for a certificate. @throws KeyWorkError */
export async function extendMonths(
  files: readonly ReadableFile[],
  passphrase: string,
  count: number,
): Promise<KeyWork> {
  const { texts, line } = await sortFiles(files);
  const armored = (kind: string) => texts.find((text) => text.includes(`-----BEGIN PGP ${kind} KEY BLOCK-----`));
  const [certificate, primaryKey] = [armored("PUBLIC"), armored("PRIVATE")];
  if (primaryKey === undefined) throw new KeyWorkError("no_primary", "there is no primary key");
  if (certificate === undefined) throw new KeyWorkError("no_certificate", "there is no certificate");
  if (line === null) throw new KeyWorkError("no_key_file", "there is no key-file");
  const request = { certificate, primaryKey, passphrase, count, now: new Date() };
  const extended = await extendMonthlyKey(request).catch((cause: unknown) => {
    throw keyFault(cause);
  });
  const short = extended.fingerprint.slice(0, 16).toLowerCase();
  const name = `${short}-${extended.months[0]?.month}.asc`;
  const months = await wrapAll(extended.fingerprint, extended.months, line);
  return { ...NO_WORK, files: [madeFile(name, extended.certificate), ...months] };
}

/**
 * Everything but `month`, wrapped under a new key-file. The old files open the month as long as they exist.
 * @throws KeyWorkError
 */
export async function burnMonth(files: readonly ReadableFile[], typed: string, force: boolean): Promise<KeyWork> {
  const month = monthTyped(typed);
  const { months, line, keyFiles, texts } = await sortFiles(files);
  const refusal = burnRefusal(month, ledgerIn(texts), new Date());
  if (refusal !== null && !force) throw new KeyWorkError(refusal.code, refusal.message, { cause: refusal });
  if (line === null) throw new KeyWorkError("no_key_file", "there is no key-file");
  if (months.length === 0) throw new KeyWorkError("no_months", "there are no files of months");
  if (!months.some((each) => each.month === month)) throw new KeyWorkError("no_such_month", "it is not among them");
  const next = secretLine(newSecret());
  const made: MadeFile[] = [];
  for (const each of months) {
    const secret = await unwrapMonth(each.bytes, line).catch((cause: unknown) => {
      throw new KeyWorkError("wrong_key_file", `the key-file does not open ${each.name}`, { cause });
    });
    if ((await monthInSecret(secret)) !== each.month) throw new KeyWorkError("other_month", `${each.name} is another`);
    if (each.month !== month) made.push(madeFile(each.name, await wrapMonth(secret, next)));
  }
  return {
    ...NO_WORK,
    files: made,
    keyFile: madeFile(KEY_FILE, `${next}\n`),
    destroy: [...keyFiles, ...months.map(({ name }) => name)],
  };
}

function monthTyped(text: string): Month {
  try {
    return parseMonth(text);
  } catch (cause) {
    throw new KeyWorkError("bad_month", "a month is such as 2026-10", { cause });
  }
}

function ledgerIn(texts: readonly string[]): LedgerExport | null {
  const [text] = texts.filter((each) => each.trimStart().startsWith("{"));
  try {
    return text === undefined ? null : readLedgerExport(text);
  } catch (cause) {
    throw new KeyWorkError("bad_ledger", "this is not what postern ledger writes", { cause });
  }
}

async function wrapAll(fingerprint: string, months: readonly MonthSecret[], line: string): Promise<MadeFile[]> {
  return (await wrapMonths(fingerprint, months, line)).map(({ name, contents }) => madeFile(name, contents));
}
