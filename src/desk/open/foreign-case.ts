import { createReadStream } from "node:fs";
import {
  type CaseRecord,
  type ForeignLayout,
  RECORD_FILE,
  readForeign,
  writeForeignRecord,
} from "../../cases/index.js";
import { BlockDigest, foreignCaseId, type MessageNotes, TarError } from "../../core/index.js";
import type { CaseWriter } from "./case-writer.js";

/** Where the plaintext lies until it is authenticated. */
export const CONTENTS_FILE = "contents";
const READ_BYTES = 4 * 1024 * 1024;

/**
 * Makes a case of the authenticated plaintext in {@link CONTENTS_FILE}, which a person encrypted with a program of
 * their own. A tar that cannot be read becomes one document.
 * @param file the ciphertext, whose digest is the case id
 */
export async function fillForeignCase(
  into: CaseWriter,
  file: string,
  layout: ForeignLayout,
  notes: MessageNotes,
): Promise<CaseRecord> {
  const caseId = foreignCaseId(await BlockDigest.of(createReadStream(file, { highWaterMark: READ_BYTES })));
  const { record, letter, documents } = await unpack(into, layout, notes, caseId);
  into.write("letter.txt", new TextEncoder().encode(letter));
  into.write(RECORD_FILE, writeForeignRecord(record, documents));
  return record;
}

async function unpack(into: CaseWriter, layout: ForeignLayout, notes: MessageNotes, caseId: string) {
  into.makeFolder("files");
  if (layout === "folder") {
    try {
      const read = await readForeign(into.read(CONTENTS_FILE), layout, notes, caseId, (entry, contents) =>
        into.writeFrom(entry, contents),
      );
      into.remove(CONTENTS_FILE);
      return read;
    } catch (cause) {
      if (!(cause instanceof TarError)) throw cause;
      into.removeFolder("files");
      into.makeFolder("files");
    }
  }
  const named = { ...notes, fileName: notes.fileName || (layout === "folder" ? "folder.tar" : "") };
  return readForeign(into.read(CONTENTS_FILE), "document", named, caseId, async (entry, contents, whole) => {
    if (!whole) return into.writeFrom(entry, contents);
    await contents.cancel();
    return into.rename(CONTENTS_FILE, entry);
  });
}
