import {
  arrivalSeconds,
  isPickupName,
  MAX_PICKUP_FILES,
  MAX_PICKUP_MANIFEST_BYTES,
  PICKUP_MANIFEST,
  readPickupManifest,
  submissionIdOf,
} from "../cases/index.js";
import { readTarHeader, sha256Hex } from "../core/index.js";
import { DeskError } from "./desk-error.js";
import type { DeskFault } from "./desk-messages.js";

export interface Refused {
  readonly name: string;
  readonly error: DeskError;
}

/** A download from the pickup pages. Its files are parts of it on the disk, and no copies. */
export interface Pickup {
  readonly files: readonly File[];
  readonly refused: readonly Refused[];
}

const BLOCK_BYTES = 512;
/** A browser hashes only what it holds in memory. Damage in a larger file shows when it is decrypted. */
const MAX_HASHED_BYTES = 256 * 1024 ** 2;

/** Whether the pickup pages may have made it: in a folder, what is named otherwise is somebody else's. */
export function isPickup({ name, webkitRelativePath }: Pick<File, "name" | "webkitRelativePath">): boolean {
  return webkitRelativePath === "" ? name.endsWith(".tar") : isPickupName(name);
}

/**
 * The submissions in a download that are what its MANIFEST.txt says, with their days of arrival, and the names of the
 * others. Nothing of one that broke off, or that holds anything else.
 */
export async function readPickup(tar: File): Promise<Pickup> {
  try {
    const files = await entriesOf(tar);
    const listed = await readManifest(files.pop());
    const there = new Set(files.map(({ name }) => name));
    const missing = [...listed.keys()].filter((name) => !there.has(name));
    const faults = missing.map((name) => ({ name, error: new DeskError("pickup_missing", "") }));
    const same: File[] = [];
    for (const file of files) {
      if (await isSame(file, listed.get(file.name))) same.push(file);
      else faults.push({ name: file.name, error: new DeskError("pickup_not_the_same", "") });
    }
    return { files: same, refused: faults };
  } catch (cause) {
    return { files: [], refused: [{ name: tar.name, error: faultOf(cause) }] };
  }
}

/** The submissions, and MANIFEST.txt, which is the last one. */
async function entriesOf(tar: File): Promise<File[]> {
  const found = new Map<string, File>();
  for (let at = 0; ; ) {
    const block = await bytesOf(tar.slice(at, at + BLOCK_BYTES));
    if (block.length < BLOCK_BYTES) throw new DeskError("pickup_incomplete", "");
    if (block.every((byte) => byte === 0)) return [...found.values()];
    const header = readTarHeader(block);
    const isFile = header !== null && (header.type === "0" || header.type === "\0");
    const isOurs = isFile && (header.path === PICKUP_MANIFEST || submissionIdOf(header.path) !== null);
    if (!isOurs || found.has(header.path) || found.has(PICKUP_MANIFEST) || found.size > MAX_PICKUP_FILES) {
      throw new DeskError("not_a_pickup", "");
    }
    const { path, size, mtimeSeconds } = header;
    const start = at + BLOCK_BYTES;
    if (size > tar.size - start) throw new DeskError("pickup_incomplete", "");
    const lastModified = 1000 * arrivalSeconds(mtimeSeconds);
    found.set(path, new File([tar.slice(start, start + size)], path, { lastModified }));
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

/** SHA-256 in hex by name. */
async function readManifest(file: File | undefined): Promise<ReadonlyMap<string, string>> {
  if (file?.name !== PICKUP_MANIFEST) throw new DeskError("pickup_incomplete", "");
  const listed = file.size > MAX_PICKUP_MANIFEST_BYTES ? null : readPickupManifest(await file.text());
  if (listed === null) throw new DeskError("not_a_pickup", "");
  return listed;
}

async function isSame(file: File, sha256: string | undefined): Promise<boolean> {
  if (sha256 === undefined) return false;
  if (file.size > MAX_HASHED_BYTES) return true;
  return (await sha256Hex(new Uint8Array(await file.arrayBuffer()))) === sha256;
}

async function bytesOf(part: Blob): Promise<Uint8Array> {
  return new Uint8Array(await part.arrayBuffer());
}

function faultOf(cause: unknown): DeskError {
  if (cause instanceof DeskError) return cause;
  const code: DeskFault = cause instanceof DOMException ? "unreadable" : "crashed";
  return new DeskError(code, cause instanceof Error ? cause.name : "");
}
