import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fileTypeFromBuffer, fileTypeFromFile } from "file-type";
import { type DocumentKind, judge } from "../../cases/index.js";

const HEAD = 8192;
/** Bytes of a document that is read at once to be judged; of a longer one only what tells its type is. */
const SHORT = 256 * 1024;

/** Judges the document at `path`, which was given as `name`. */
export async function judgeDocument(path: string, name: string): Promise<DocumentKind> {
  const { bytes, whole } = beginningOf(path);
  // What it cannot make out it says is unknown; a file made to confuse it is no reason to show none.
  const found = await (whole ? fileTypeFromBuffer(bytes) : fileTypeFromFile(path)).catch(() => undefined);
  return judge(bytes.subarray(0, HEAD), found?.mime ?? null, name);
}

function beginningOf(path: string): { readonly bytes: Uint8Array; readonly whole: boolean } {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = new Uint8Array(size <= SHORT ? size : HEAD);
    const read = readSync(file, bytes);
    return { bytes: bytes.subarray(0, read), whole: read === size };
  } finally {
    closeSync(file);
  }
}
