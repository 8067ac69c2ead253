import { config, enums, type PartialConfig, type PrivateKey, readPrivateKeys, type SecretKeyPacket } from "openpgp";
import { Fault } from "../core/index.js";
import { asciiText } from "./packets/index.js";

/** `unreadable`: these are no whole secret keys. `locked`: the passphrase does not open each of them. */
export class RelockError extends Fault<"unreadable" | "locked"> {}

/** How the secret keys of a version are locked. GnuPG cannot import one of version 4 that uses Argon2. */
export function lockOfVersion(version: number): PartialConfig {
  const modern = version === 6;
  return {
    aeadProtect: modern,
    preferredAEADAlgorithm: enums.aead.gcm,
    s2kType: modern ? enums.s2k.argon2 : enums.s2k.iterated,
    s2kIterationCountByte: 255,
  };
}

/**
 * The secret keys in a file, locked with `next` instead of `passphrase`. Parts whose secret is elsewhere stay.
 * @returns armored, each key in a block
 * @throws RelockError
 */
export async function relockKeys(contents: Uint8Array, passphrase: string, next: string): Promise<string> {
  const keys = await readKeys(contents);
  for (const key of keys) {
    for (const { keyPacket } of key.getKeys()) await relock(keyPacket as SecretKeyPacket, passphrase, next);
  }
  return keys.map((key) => key.armor()).join("\n");
}

async function readKeys(contents: Uint8Array): Promise<PrivateKey[]> {
  const isArmored = asciiText(contents.subarray(0, 4096)).includes("-----BEGIN PGP");
  try {
    return isArmored
      ? await readPrivateKeys({ armoredKeys: new TextDecoder().decode(contents) })
      : await readPrivateKeys({ binaryKeys: contents });
  } catch (cause) {
    throw new RelockError("unreadable", "this is not a whole file of secret keys", { cause });
  }
}

async function relock(packet: SecretKeyPacket, passphrase: string, next: string): Promise<void> {
  if (packet.isDummy()) return;
  try {
    if (packet.isDecrypted() === false) await packet.decrypt(passphrase);
  } catch (cause) {
    throw new RelockError("locked", "the passphrase does not unlock every part of this key", { cause });
  }
  await packet.encrypt(next, { ...config, ...lockOfVersion(packet.version) });
}
