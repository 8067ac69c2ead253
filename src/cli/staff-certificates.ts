import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Recipient } from "../openpgp/index.js";
import { loadRecipients } from "../server/recipients/index.js";

const KEYS_FOLDER = "keys";

/**
 * Staff's certificates, to whom copies of what is sent are encrypted.
 * @param folder `keys` unless given
 * @returns null if no folder is given and there is none
 */
export async function staffCertificates(folder: string | undefined, now: Date): Promise<readonly Recipient[] | null> {
  const path = resolve(folder ?? KEYS_FOLDER);
  if (folder === undefined && (await stat(path).catch(() => null)) === null) return null;
  return (await loadRecipients(path, now)).at(now);
}
