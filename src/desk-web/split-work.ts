import { relockKeys } from "../openpgp/index.js";
import { newSecret, readSecretLine, secretLine, splitSecret, writeShare } from "../shares/index.js";
import { keyFault } from "./key-fault.js";
import { bytesOf, type ReadableFile } from "./key-files.js";
import { type KeyWork, madeFile, NO_WORK } from "./made-file.js";

/** A key under a new passphrase, and that in shares; or a key-file in shares. @throws KeyWorkError, SplitError */
export async function splitKey(file: ReadableFile, passphrase: string, shares: number, need: number): Promise<KeyWork> {
  const contents = await bytesOf(file);
  const line = readSecretLine(new TextDecoder().decode(contents));
  const secret = line ?? newSecret();
  const parts = (await splitSecret(secret, shares, need)).map(writeShare);
  if (line !== null) return { ...NO_WORK, shares: parts, need };
  const locked = await relockKeys(contents, passphrase, secretLine(secret)).catch((cause: unknown) => {
    throw keyFault(cause);
  });
  const name = `${file.name.replace(/\.[^.]*$/, "")}-shared.asc`;
  return { ...NO_WORK, files: [madeFile(name, locked)], destroy: [file.name], shares: parts, need };
}
