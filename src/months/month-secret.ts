import { readPrivateKey } from "openpgp";
import { readSecretLine } from "../shares/index.js";
import { type Month, monthOf } from "./month.js";

const NAME = /^postern-[0-9a-f]{16}-([2-9]\d{3}-(?:0[1-9]|1[0-2]))\.month$/;

/** @param fingerprint of the primary key */
export function monthFileName(fingerprint: string, month: Month): string {
  return `postern-${fingerprint.slice(0, 16).toLowerCase()}-${month}.month`;
}

/** The month that the name of a file tells; null for any other file. */
export function monthInName(name: string): Month | null {
  return (NAME.exec(name)?.[1] ?? null) as Month | null;
}

/** The line of a key-file in its text; null if it is none. */
export function keyLineIn(text: string): string | null {
  return readSecretLine(text) === null ? null : text.trim();
}

/** The month whose subkey an armored secret holds; null for anything else. */
export async function monthInSecret(secretKey: string): Promise<Month | null> {
  const { subkeys } = await readPrivateKey({ armoredKey: secretKey }).catch(() => ({ subkeys: [] }));
  const [subkey, ...more] = subkeys;
  return subkey === undefined || more.length > 0 ? null : monthOf(subkey.getCreationTime());
}
