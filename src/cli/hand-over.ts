import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { showHidden } from "../cases/index.js";
import { dayOf, Fault } from "../core/index.js";
import { caseOf, packHandOver, partsOf, writeCaseNote } from "../desk/index.js";
import { writeNewFile } from "../files/index.js";
import { checkRecipient, encryptMessage, type Recipient, readCertificates } from "../openpgp/index.js";
import { printable } from "./printable.js";

/** `not_a_certificate`: the file of `--to` holds none, or one that nobody should encrypt to. */
export class HandOverFileError extends Fault<"unknown_case" | "not_a_certificate" | "exists"> {}

export interface HandOverOptions {
  /** File with the receiver's certificate. */
  readonly to?: string;
  /** Names of parts; without any, the parts are listed. */
  readonly parts?: readonly string[];
  /** Folder of the cases. */
  readonly out: string;
  /** Folder for the encrypted file. */
  readonly into: string;
  readonly by?: string;
}

/** `postern case hand-over`: encrypts chosen parts of a case to somebody else's certificate. */
export async function handOver(given: string, options: HandOverOptions): Promise<void> {
  process.umask(0o077);
  const { to, parts, out, into, by } = options;
  const folder = (await stat(join(out, given)).catch(() => null)) === null ? given : join(out, given);
  if (to === undefined || parts === undefined) {
    for (const { name, bytes } of await partsOf(folder)) process.stdout.write(`${showHidden(name)}  ${bytes} bytes\n`);
    process.stderr.write("choose parts with --parts, and name the receiver's certificate with --to\n");
    return;
  }
  const date = new Date();
  const recipient = await receiver(to, date);
  const { archive, short, chosen, leftOut } = await packHandOver(folder, parts);
  const path = join(into, `hand-over-${short}-${dayOf(date)}.tar.gpg`);
  await writeNewFile(path, await encryptMessage(archive.stream, [recipient], date)).catch((cause: unknown) => {
    const taken = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw taken ? new HandOverFileError("exists", `${path} exists already`, { cause }) : cause;
  });
  for (const { sha256, file } of chosen) process.stdout.write(`${sha256}  ${showHidden(file.name)}\n`);
  process.stdout.write(`${printable(path)}\n`);
  process.stderr.write(`${chosen.length} parts for ${recipient.fingerprint}, ${leftOut.length} left out\n`);
  const own = caseOf(folder);
  if (own?.root == null) return;
  const said = chosen.map(({ name, sha256 }) => `${name} ${sha256}`).join("\n");
  const addNote = `handed over to ${recipient.fingerprint}:\n${said}`;
  await writeCaseNote(resolve(own.root), own.record.caseId, { addNote, ...(by !== undefined && { by }) });
}

async function receiver(path: string, date: Date): Promise<Recipient> {
  try {
    const [certificate, ...more] = await readCertificates(await readFile(path));
    if (certificate === undefined || more.length > 0) throw new TypeError("there must be one certificate");
    return await checkRecipient(certificate, date);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "";
    throw new HandOverFileError("not_a_certificate", `${path} is no certificate to encrypt to: ${why}`, { cause });
  }
}
