import { keyLineIn, type Month, monthInName, unwrapMonth } from "../months/index.js";
import { MAX_SECRET_KEY_FILE_BYTES } from "../openpgp/index.js";
import { KeyWorkError } from "./key-work-error.js";

export type ReadableFile = Pick<File, "name" | "size" | "arrayBuffer">;

/** A key-file is shorter. */
const MAX_LINE_BYTES = 100;

/** The armored keys in files of months, as far as the key-files among `files` open them, and all other files. */
export async function withoutWraps(files: readonly ReadableFile[]): Promise<{
  readonly keys: readonly { readonly name: string; readonly contents: Uint8Array }[];
  readonly others: readonly ReadableFile[];
  readonly closed: readonly { readonly name: string; readonly fault: "no_key_file" | "wrong_key_file" }[];
}> {
  const months = files.filter(({ name }) => monthInName(name) !== null);
  const rest = files.filter((file) => !months.includes(file));
  const lines: string[] = [];
  const others: ReadableFile[] = [];
  for (const file of rest) {
    const line = months.length === 0 || file.size > MAX_LINE_BYTES ? null : await lineOf(file);
    if (line === null) others.push(file);
    else lines.push(line);
  }
  const keys: { name: string; contents: Uint8Array }[] = [];
  const closed: { name: string; fault: "no_key_file" | "wrong_key_file" }[] = [];
  for (const file of months) {
    const contents = await unwrappedBy(file, lines);
    if (contents !== null) keys.push({ name: file.name, contents });
    else closed.push({ name: file.name, fault: lines.length === 0 ? "no_key_file" : "wrong_key_file" });
  }
  return { keys, others, closed };
}

async function lineOf(file: ReadableFile): Promise<string | null> {
  const bytes = await file.arrayBuffer().catch(() => null);
  return bytes === null ? null : keyLineIn(new TextDecoder().decode(bytes));
}

async function unwrappedBy(file: ReadableFile, lines: readonly string[]): Promise<Uint8Array | null> {
  const wrapped = file.size > MAX_SECRET_KEY_FILE_BYTES ? null : await file.arrayBuffer().catch(() => null);
  if (wrapped === null) return null;
  for (const line of lines) {
    const secret = await unwrapMonth(new Uint8Array(wrapped), line).catch(() => null);
    if (secret !== null) return new TextEncoder().encode(secret);
  }
  return null;
}

export interface SortedFiles {
  readonly months: readonly { readonly name: string; readonly month: Month; readonly bytes: Uint8Array }[];
  /** The line of the key-file. */
  readonly line: string | null;
  readonly keyFiles: readonly string[];
  /** All files that are no months. */
  readonly texts: readonly string[];
}

/** Reads files of keys and tells them apart. @throws KeyWorkError `not_a_key` for one that is too large */
export async function sortFiles(files: readonly ReadableFile[]): Promise<SortedFiles> {
  const months: { name: string; month: Month; bytes: Uint8Array }[] = [];
  const texts: string[] = [];
  const keyFiles: string[] = [];
  let line: string | null = null;
  for (const file of files) {
    const bytes = await bytesOf(file);
    const month = monthInName(file.name);
    if (month !== null) {
      months.push({ name: file.name, month, bytes });
      continue;
    }
    const text = new TextDecoder().decode(bytes);
    const found = keyLineIn(text);
    if (found === null) texts.push(text);
    else {
      line = found;
      keyFiles.push(file.name);
    }
  }
  return { months, line, keyFiles, texts };
}

/** @throws KeyWorkError `not_a_key` */
export async function bytesOf(file: ReadableFile): Promise<Uint8Array> {
  if (file.size > MAX_SECRET_KEY_FILE_BYTES) throw new KeyWorkError("not_a_key", "this file is too large");
  return new Uint8Array(await file.arrayBuffer());
}
