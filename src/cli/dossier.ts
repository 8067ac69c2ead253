import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { dayOf, Fault } from "../core/index.js";
import { compareWithDossier, makeDossier, writeDossier } from "../desk/index.js";
import { readSigningKey, signDetached } from "../openpgp/index.js";
import { grouped } from "./grouped.js";
import { passphrase } from "./passphrase.js";
import { printable } from "./printable.js";
import { writeAllOrNone } from "./write-files.js";

export class DossierUsageError extends Fault<"invalid_usage"> {}

export interface DossierOptions {
  /** Secret key that signs. */
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly inbox?: string;
  readonly ledger?: string;
  readonly audit?: string;
  /** Folder for the dossier and its signature. */
  readonly out: string;
  /** A dossier to compare the case with. */
  readonly check?: string;
  /** The signer's certificate. */
  readonly certificate?: string;
}

/** `postern dossier`: makes and signs a dossier, or checks one. Returns whether all is as it says. */
export async function dossier(caseFolder: string, options: DossierOptions): Promise<boolean> {
  process.umask(0o077);
  return options.check === undefined ? make(caseFolder, options) : check(caseFolder, options.check, options);
}

async function make(caseFolder: string, options: DossierOptions): Promise<boolean> {
  const { key: keyFile, passphraseFile, inbox = null, ledger = null, audit = null, out } = options;
  if (keyFile === undefined) throw new DossierUsageError("invalid_usage", "name the secret key that signs with --key");
  const bytes = Uint8Array.from(await readFile(keyFile));
  const key = await readSigningKey(bytes, await passphrase(passphraseFile, `passphrase for ${printable(keyFile)}: `));
  const made = await makeDossier({ caseFolder, inbox, key, ledger, audit, day: dayOf(new Date()) });
  const text = writeDossier(made);
  const path = join(out, `dossier-${made.case.slice(0, 8)}.json`);
  const signature = await signDetached(new TextEncoder().encode(text), key);
  await writeAllOrNone([
    { path, contents: text, mode: 0o600 },
    { path: `${path}.asc`, contents: signature, mode: 0o600 },
  ]);
  process.stdout.write(`${path}\n${path}.asc\n`);
  const closed = made.submissions.filter(({ archiveSha256 }) => archiveSha256 === null).length;
  if (closed > 0) {
    process.stderr.write(`of ${closed} submissions the ciphertext was not there: name its folder with --inbox\n`);
  }
  return true;
}

async function check(caseFolder: string, path: string, { certificate }: DossierOptions): Promise<boolean> {
  if (certificate === undefined) {
    throw new DossierUsageError("invalid_usage", "name the signer's certificate with --certificate");
  }
  const { checkSignature, readSigner } = await import("../verify/index.js");
  const [bytes, signature] = [await readFile(path), await readFile(`${path}.asc`, "utf8")];
  const { by, day } = await checkSignature(bytes, signature, await readSigner(await readFile(certificate, "utf8")));
  const differences = await compareWithDossier(bytes.toString("utf8"), caseFolder);
  for (const line of differences) process.stderr.write(`${printable(line)}\n`);
  process.stdout.write(`signed by  ${grouped(by)}\nday        ${day}\n`);
  process.stdout.write(`${basename(path)}: ${differences.length === 0 ? "OK" : `${differences.length} differences`}\n`);
  return differences.length === 0;
}
