import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fileTypeFromBuffer, fileTypeFromFile } from "file-type";
import { type DocumentKind, documentKind } from "../../cases/index.js";

const HEAD_BYTES = 8192;
/** Up to this size a document is read whole; a longer one only where its type shows. */
const MAX_WHOLE_BYTES = 256 * 1024;

export interface JudgedDocument extends DocumentKind {
  /** Of a short document, all of it. */
  readonly contents: Uint8Array | null;
}

/** Assesses the document at `path`, whose original name is `name`. */
export async function judgeDocument(path: string, name: string): Promise<JudgedDocument> {
  const { bytes, whole } = headOf(path);
  // A file crafted to confuse the detection counts as unknown.
  const found = await (whole ? fileTypeFromBuffer(bytes) : fileTypeFromFile(path)).catch(() => undefined);
  const kind = documentKind(bytes.subarray(0, HEAD_BYTES), found?.mime ?? null, name);
  return { ...kind, contents: whole ? bytes : null };
}

function headOf(path: string): { readonly bytes: Uint8Array; readonly whole: boolean } {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = new Uint8Array(size <= MAX_WHOLE_BYTES ? size : HEAD_BYTES);
    const read = readSync(file, bytes);
    return { bytes: bytes.subarray(0, read), whole: read === size };
  } finally {
    closeSync(file);
  }
}
