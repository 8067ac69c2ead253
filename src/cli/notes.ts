import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { Fault } from "../core/index.js";
import { addCarriedNotes, MAX_CARRIED_BYTES, notesToCarry, writeCaseIndex } from "../desk/index.js";
import { writeNewFile } from "../files/index.js";
import { encryptMessage, messageIn, openMessage } from "../openpgp/index.js";
import { loadRecipients } from "../server/recipients/index.js";
import { failureLine, printable } from "./printable.js";
import { unlockKeys } from "./unlock-keys.js";

/** `too_large`: more than any desk's logs. */
export class CarriedNotesError extends Fault<"too_large" | "exists"> {}

export interface NotesExportOptions {
  /** Folder of the certificates to encrypt to. */
  readonly to: string;
  /** The new file. */
  readonly out: string;
}

export interface NotesImportOptions {
  readonly key: readonly string[];
  readonly passphraseFile?: readonly string[];
  /** Folder of the cases. */
  readonly out: string;
}

/** `postern notes export`: all logs of notes as one encrypted file. @throws CarriedNotesError, RecipientError */
export async function exportNotes(cases: string, { to, out }: NotesExportOptions): Promise<void> {
  process.umask(0o077);
  const date = new Date();
  const recipients = (await loadRecipients(resolve(to), date)).at(date);
  const notes = await notesToCarry(cases);
  if (notes.length > MAX_CARRIED_BYTES) throw new CarriedNotesError("too_large", "the logs of notes are too large");
  const encrypted = await bytesOf(await encryptMessage(new Blob([notes.slice()]).stream(), recipients, date));
  await writeNewFile(out, encrypted).catch((cause) => {
    throw new CarriedNotesError("exists", `${out} cannot be written, or exists already`, { cause });
  });
  process.stdout.write(`${printable(out)}\n`);
  process.stderr.write(`encrypted to ${recipients.length} recipients\n`);
}

/** `postern notes import`: adds what the files hold to the logs. Returns whether all could be read. */
export async function importNotes(files: readonly string[], options: NotesImportOptions): Promise<boolean> {
  process.umask(0o077);
  const { keys } = await unlockKeys(options.key, options.passphraseFile);
  let failed = 0;
  for (const file of files) {
    try {
      const { size } = await stat(file);
      if (size > MAX_CARRIED_BYTES) throw new CarriedNotesError("too_large", "the file is too large");
      const source = await messageIn(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>);
      const { data } = await openMessage(source, keys, MAX_CARRIED_BYTES);
      // Nothing of it is used before it has ended without an error.
      const carried = await bytesOf(data);
      const { added, damaged } = await addCarriedNotes(options.out, carried);
      process.stdout.write(`${printable(file)}: ${added} new lines\n`);
      if (damaged === 0) continue;
      failed += 1;
      process.stderr.write(`${printable(file)}: ${damaged} lines are damaged, and were left out\n`);
    } catch (cause) {
      failed += 1;
      process.stderr.write(failureLine(file, cause));
    }
  }
  await writeCaseIndex(options.out);
  return failed === 0;
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
