import { open } from "node:fs/promises";
import { Fault } from "../core/index.js";
import { KeyFileError, type KeyPart, KeyRing, type Lock, MAX_SECRET_KEY_FILE_BYTES } from "../openpgp/index.js";

/**
 * `unreadable`: a file cannot be read. The others say why no key is open: `locked`: no passphrase given fits.
 * `on_card`, `absent`, `weak_lock`, `costly_lock`, `unsupported_key`: as {@link Lock} says.
 */
export class SecretKeyError extends Fault<
  "unreadable" | "locked" | "on_card" | "absent" | "weak_lock" | "costly_lock" | "unsupported_key"
> {}

/** A file that adds nothing to a ring, or not everything that it holds. */
export interface KeyFileNotice {
  readonly file: string;
  readonly cause: SecretKeyError | KeyFileError;
}

/** The contents of a file of keys, and what to call it. */
export interface NamedKey {
  readonly file: string;
  readonly contents: Uint8Array;
}

/** Reads the secret keys in all `files` that can be read, and in `more`, into one ring. */
export async function readKeyRing(
  files: readonly string[],
  more: readonly NamedKey[] = [],
): Promise<{ readonly ring: KeyRing; readonly notices: readonly KeyFileNotice[] }> {
  const ring = new KeyRing();
  const notices: KeyFileNotice[] = [];
  for (const one of [...files, ...more]) {
    const file = typeof one === "string" ? one : one.file;
    try {
      const { damaged } = await ring.add(typeof one === "string" ? await read(one) : one.contents);
      if (damaged) notices.push({ file, cause: new KeyFileError("damaged", "some keys in this file cannot be read") });
    } catch (cause) {
      if (!(cause instanceof KeyFileError || cause instanceof SecretKeyError)) throw cause;
      notices.push({ file, cause });
    }
  }
  return { ring, notices };
}

/** At most one byte more than a key file may have. @throws SecretKeyError `unreadable` */
async function read(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of file.createReadStream({ end: MAX_SECRET_KEY_FILE_BYTES, autoClose: false })) {
        chunks.push(chunk);
        length += chunk.length;
      }
      return Buffer.concat(chunks, length);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new SecretKeyError("unreadable", UNREADABLE[codeOf(cause)] ?? "this file cannot be read", { cause });
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "this is a folder: name the file in it",
  EACCES: "you may not read this file",
  EPERM: "you may not read this file",
};

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

const CLOSED: Readonly<Record<Lock, readonly [SecretKeyError["code"], string]>> = {
  passphrase: ["locked", "the passphrase does not unlock it"],
  card: ["on_card", "its secret is on a smart card"],
  absent: ["absent", "its secret is not in this file"],
  weak: ["weak_lock", "its secret is protected in an outdated way"],
  costly: ["costly_lock", "its passphrase needs more memory than postern uses"],
  unsupported: ["unsupported_key", "it is of a kind that postern does not know"],
};

/** Why a part of a ring is not open. */
export function closedFault({ lock }: KeyPart): SecretKeyError {
  const [code, message] = CLOSED[lock ?? "unsupported"];
  return new SecretKeyError(code, message);
}
