import { randomInt } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { Fault } from "../core/index.js";
import { renderSharePage } from "../desk/index.js";
import { MAX_SECRET_KEY_FILE_BYTES, relockKeys } from "../openpgp/index.js";
import { newSecret, readSecretLine, secretLine, splitSecret, writeShare } from "../shares/index.js";
import { passphrase } from "./passphrase.js";
import { writeAllOrNone } from "./write-files.js";

export class SplitKeyError extends Fault<"unreadable" | "too_large"> {}

export interface SplitOptions {
  readonly shares: number;
  readonly need: number;
  /** Folder for the shares, and for the key as they open it. */
  readonly out: string;
  readonly passphraseFile?: string;
}

const SECRET_MODE = 0o600;

/**
 * `postern keys split`: locks a secret key with a new random passphrase, and splits that. A file that holds only such a
 * passphrase is split as it is. The file given stays as it was.
 * @throws SplitKeyError, SplitError, RelockError, PassphraseError or WriteError; then nothing is written
 */
export async function splitKey(path: string, { shares, need, out, passphraseFile }: SplitOptions): Promise<void> {
  process.umask(0o077);
  const contents = await read(path);
  const line = readSecretLine(new TextDecoder().decode(contents));
  const secret = line ?? newSecret();
  const parts = await splitSecret(secret, shares, need);
  const locked = line === null ? await relock(contents, passphraseFile, secretLine(secret)) : null;
  const stem = basename(path, extname(path));
  const label = `${stem} ${String(randomInt(1000)).padStart(3, "0")}`;
  const files = await Promise.all(
    parts.map(async (part, index) => ({
      path: join(out, `${stem}-share-${index + 1}.html`),
      contents: await renderSharePage({ words: writeShare(part), number: index + 1, shares, need, label }),
      mode: SECRET_MODE,
    })),
  );
  const key = { path: join(out, `${stem}-shared.asc`), contents: locked ?? "", mode: SECRET_MODE };
  await mkdir(out, { recursive: true, mode: 0o700 });
  await writeAllOrNone(locked === null ? files : [key, ...files]);
  if (locked !== null) process.stdout.write(`key     ${key.path}\n`);
  for (const each of files) process.stdout.write(`share   ${each.path}\n`);
  process.stderr.write(AFTERWARDS);
  if (locked !== null)
    process.stderr.write(`the passphrase of ${path} still opens it: destroy every copy of that file\n`);
}

const AFTERWARDS = `print each share on a printer without memory, or write the words down by hand
try it now, with the papers alone: postern keys join
then hand each paper to another person, and destroy the files of the shares
`;

async function read(path: string): Promise<Uint8Array> {
  const contents = await readFile(path).catch((cause: unknown) => {
    throw new SplitKeyError("unreadable", `${path} cannot be read`, { cause });
  });
  if (contents.length > MAX_SECRET_KEY_FILE_BYTES) throw new SplitKeyError("too_large", `${path} is no key: too large`);
  return contents;
}

async function relock(contents: Uint8Array, passphraseFile: string | undefined, next: string): Promise<string> {
  return relockKeys(contents, await passphrase(passphraseFile, "passphrase of the key: "), next);
}
