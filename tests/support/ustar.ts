import { concat, utf8 } from "./bytes.js";

/** A header to be written as it is told to be, right or wrong. */
export interface RawEntry {
  readonly name: string | Uint8Array;
  /** Type flag; "0" unless told. */
  readonly type?: string;
  readonly body?: Uint8Array;
  /** What the size field says; the body's length unless told. */
  readonly size?: string | Uint8Array;
  readonly magic?: string;
  readonly prefix?: string;
  readonly link?: string;
  /** Bytes written over the header at these offsets before its checksum is computed. */
  readonly patch?: Readonly<Record<number, number>>;
  readonly checksum?: string;
  /** What fills the body's last block. */
  readonly fill?: number;
}

export const ROOT = "submission-1a2b3c4d";
export const END_MARK = new Uint8Array(1024);

/** One header block, and the body filled up to whole blocks. */
export function rawEntry(entry: RawEntry): Uint8Array<ArrayBuffer> {
  const body = entry.body ?? new Uint8Array(0);
  const block = new Uint8Array(512);
  const put = (offset: number, value: string | Uint8Array) =>
    block.set(typeof value === "string" ? utf8(value) : value, offset);
  put(0, entry.name);
  put(100, "0000600\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, entry.size ?? `${body.length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(156, entry.type ?? "0");
  put(157, entry.link ?? "");
  put(257, entry.magic ?? "ustar\x0000");
  put(345, entry.prefix ?? "");
  for (const [offset, value] of Object.entries(entry.patch ?? {})) block[Number(offset)] = value;
  put(148, "        ");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, entry.checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `);
  return concat(block, body, new Uint8Array((512 - (body.length % 512)) % 512).fill(entry.fill ?? 0));
}

export function folder(name: string): RawEntry {
  return { name, type: "5" };
}

export function file(name: string, body: string | Uint8Array = ""): RawEntry {
  return { name, body: typeof body === "string" ? utf8(body) : body };
}

/** What every submission's archive must have. */
export const REQUIRED: readonly RawEntry[] = [
  folder(`${ROOT}/`),
  folder(`${ROOT}/files/`),
  file(`${ROOT}/letter.txt`, "letter"),
  file(`${ROOT}/submission.json`, "{}"),
];

export function rawArchive(entries: readonly RawEntry[], end: Uint8Array = END_MARK): Uint8Array<ArrayBuffer> {
  return concat(...entries.map(rawEntry), end);
}
