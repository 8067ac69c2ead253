import { open } from "node:fs/promises";
import { fileTypeFromFile } from "file-type";
import { type DocumentKind, judge } from "../cases/index.js";

const HEAD = 8192;

/** Judges the document at `path`, which was given as `name`. */
export async function judgeDocument(path: string, name: string): Promise<DocumentKind> {
  const file = await open(path, "r");
  const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD), 0, HEAD, 0).finally(() => file.close());
  // What it cannot make out it says is unknown; a file made to confuse it is no reason to show none.
  const type = (await fileTypeFromFile(path).catch(() => undefined))?.mime ?? null;
  return judge(buffer.subarray(0, bytesRead), type, name);
}
