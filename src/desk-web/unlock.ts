import { KeyFileError, KeyRing, MAX_SECRET_KEY_FILE_BYTES } from "../openpgp/index.js";
import type { KeyNotice, Unlocked } from "./desk-messages.js";
import { type ReadableFile, withoutWraps } from "./key-files.js";

/**
 * Reads the secret keys in `files` and tries `passphrase` on each. Never throws for what is in a file.
 * @param open fingerprints of parts that are open already
 * @param onTry called before each try, which may take seconds
 */
export async function unlockKeys(
  files: readonly ReadableFile[],
  passphrase: string,
  open: readonly string[],
  onTry: () => void,
): Promise<Unlocked> {
  const ring = new KeyRing(open);
  const notices: KeyNotice[] = [];
  const { keys, others, closed } = await withoutWraps(files);
  for (const { name, fault } of closed) notices.push({ file: name, fault });
  for (const { contents } of keys) await ring.add(contents);
  for (const file of others) {
    const fault = await addTo(ring, file);
    if (fault !== null) notices.push({ file: file.name, fault });
  }
  await ring.unlock(passphrase, onTry);
  return { bodies: ring.unlocked, open: ring.open, closed: ring.closed, notices };
}

async function addTo(ring: KeyRing, file: Pick<File, "size" | "arrayBuffer">): Promise<KeyNotice["fault"] | null> {
  if (file.size > MAX_SECRET_KEY_FILE_BYTES) return "too_large";
  const contents = await file.arrayBuffer().catch(() => null);
  if (contents === null) return "unreadable";
  try {
    return (await ring.add(new Uint8Array(contents))).damaged ? "partly_damaged" : null;
  } catch (cause) {
    if (cause instanceof KeyFileError) return cause.code;
    throw cause;
  }
}
