import type { PrivateKey } from "openpgp";
import { Fault } from "../core/index.js";
import type { NamedKey } from "../desk/index.js";
import type { KeyPart, KeyRing } from "../openpgp/index.js";
import { adviceFor } from "./advice.js";
import { grouped } from "./grouped.js";
import { PassphraseError, passphrase } from "./passphrase.js";
import { failureLine, printable } from "./printable.js";

export class UnlockError extends Fault<"no_open_key"> {}

export interface UnlockedKeys {
  /** One for each key or subkey that is open; at least one. */
  readonly keys: readonly PrivateKey[];
  /** What stays closed. */
  readonly closed: readonly KeyPart[];
}

/** How often a passphrase is asked for. */
const MAX_TRIES = 3;

/**
 * Reads the secret keys in `files` and in `more` and unlocks what the passphrases open. Names on standard error
 * what it cannot use.
 * @param passphraseFiles each holds a passphrase, and each is tried on every key; without any, they are asked for
 * @throws UnlockError that names each file and key if none is open; PassphraseError
 */
export async function unlockKeys(
  files: readonly string[],
  passphraseFiles: readonly string[] | undefined,
  more: readonly NamedKey[] = [],
): Promise<UnlockedKeys> {
  const { closedFault, readKeyRing } = await import("../desk/index.js");
  const { ring, notices } = await readKeyRing(files, more);
  if (passphraseFiles === undefined) await askFor(ring);
  else for (const file of passphraseFiles) await ring.unlock(await passphrase(file, ""));
  const faults = ring.closed.map((part) => ({ file: nameOf(part), cause: closedFault(part) }));
  const all = [...notices, ...faults];
  const advice = adviceFor(all.map(({ cause }) => cause.code));
  const lines = all.map(({ file, cause }) => failureLine(file, cause)).join("") + advice;
  if (ring.open.length === 0) throw new UnlockError("no_open_key", `no secret key is open\n${lines.trimEnd()}`);
  process.stderr.write(lines);
  return { keys: await ring.keys(), closed: ring.closed };
}

/** Asks for one passphrase after the other, until each key is open or has been left closed. */
async function askFor(ring: KeyRing): Promise<void> {
  const asked = new Set<string>();
  for (;;) {
    const part = ring.closed.find(({ fingerprint, lock }) => lock === "passphrase" && !asked.has(fingerprint));
    if (part === undefined) return;
    asked.add(part.fingerprint);
    try {
      await askForOne(ring, part);
    } catch (cause) {
      // Without a terminal, the keys that are open have to do.
      if (cause instanceof PassphraseError && ring.open.length > 0) return;
      throw cause;
    }
  }
}

async function askForOne(ring: KeyRing, part: KeyPart): Promise<void> {
  const without = ring.open.length > 0 ? ", or nothing to go on without it" : "";
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const typed = await passphrase(undefined, `passphrase for ${printable(nameOf(part))}${without}: `);
    if (typed === "") return;
    const opened = await ring.unlock(typed);
    if (opened.some(({ fingerprint }) => fingerprint === part.fingerprint)) return;
    process.stderr.write(opened.length > 0 ? "this opens another key\n" : "this passphrase does not unlock it\n");
  }
}

/** A key as people tell it from others: its key id, and the user id beside it. */
function nameOf({ fingerprint, primary, userId }: KeyPart): string {
  const owner = userId === "" ? "" : ` of ${userId}`;
  if (fingerprint === "") return `a key${owner} that cannot be read`;
  return fingerprint === primary
    ? `key ${keyId(primary)}${owner}`
    : `subkey ${keyId(fingerprint)} of key ${keyId(primary)}${owner}`;
}

/** The id of a key of version 4 is the end of its fingerprint, that of version 6 the beginning (RFC 9580, 5.5.4). */
function keyId(fingerprint: string): string {
  return grouped(fingerprint.length === 40 ? fingerprint.slice(-16) : fingerprint.slice(0, 16));
}
