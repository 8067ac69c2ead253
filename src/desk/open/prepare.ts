import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import type { CaseRecord } from "../../cases/index.js";
import type { KeyPart } from "../../openpgp/index.js";
import type { CaseFolders } from "./case-folders.js";
import type { OnRead, Opener } from "./opener.js";
import { failed, OpenError, type Outcome, writeFault } from "./outcome.js";
import { sourceOf } from "./source.js";

const READ_BYTES = 1024 * 1024;

/** One file, processed as far as files can be processed in parallel: all but naming its folder. */
export type Prepared =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | {
      readonly kind: "opened";
      readonly file: string;
      readonly sha256: string;
      readonly unfinished: string;
      readonly record: CaseRecord;
    };

export interface PrepareOptions {
  readonly onRead: OnRead | undefined;
  readonly closed: readonly KeyPart[];
  readonly folders: CaseFolders;
}

/** Decrypts `file` into an unfinished folder, unless it was opened before. Never rejects. */
export async function prepare(
  file: string,
  open: Opener["open"],
  { onRead, closed, folders }: PrepareOptions,
): Promise<Prepared> {
  try {
    const source = await sourceOf(file).catch((cause: unknown) => {
      throw new OpenError("unreadable", "the file cannot be read", { cause });
    });
    const { sha256 } = source;
    const folder = folders.find(sha256);
    if (folder !== null) return { kind: "outcome", outcome: { kind: "known", file, sha256, folder } };
    const unfinished = folders.begin();
    try {
      const record = await open(file, unfinished, source, onRead);
      return { kind: "opened", file, sha256, unfinished, record };
    } catch (cause) {
      // A worker that does not end may still write there; the next run removes what is left.
      await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
      throw await diagnose(file, cause, closed);
    }
  } catch (cause) {
    return { kind: "outcome", outcome: failed(file, cause) };
  }
}

async function diagnose(file: string, cause: unknown, closed: readonly KeyPart[]): Promise<unknown> {
  // Loading openpgp.js takes as long as decrypting two hundred messages without it.
  const openpgp = await import("../../openpgp/index.js");
  const read = () =>
    Readable.toWeb(createReadStream(file, { highWaterMark: READ_BYTES })) as ReadableStream<Uint8Array>;
  return openpgp.diagnose(read, cause, closed);
}

/** Gives the folder its name. To be called for one file at a time. Never rejects. */
export async function finish(prepared: Prepared, folders: CaseFolders): Promise<Outcome> {
  if (prepared.kind === "outcome") return prepared.outcome;
  const { file, sha256, unfinished, record } = prepared;
  try {
    // Two copies of one file may have been decrypted in parallel.
    const folder = folders.find(sha256);
    if (folder !== null) {
      await discard(prepared);
      return { kind: "known", file, sha256, folder };
    }
    const foreign = record.foreign !== undefined && { foreign: true };
    return { kind: "opened", file, sha256, ...folders.keep(unfinished, record, sha256), ...foreign };
  } catch (cause) {
    await discard(prepared);
    return failed(file, writeFault(cause));
  }
}

export async function discard(prepared: Prepared): Promise<void> {
  if (prepared.kind !== "opened") return;
  await rm(prepared.unfinished, { recursive: true, force: true }).catch(() => undefined);
}
