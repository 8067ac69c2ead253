import { config, encryptKey, enums, generateKey, type PartialConfig, type PrivateKey, readPrivateKey } from "openpgp";
import { concat, utf8 } from "./bytes.js";

/** Few iterations: the tests unlock thousands of keys. */
const QUICK = { s2kIterationCountByte: 0 };

export interface SecretKeyOptions {
  /** Of every part that `locks` does not name; none by default. */
  readonly passphrase?: string;
  /** Passphrases of the primary key and its subkeys, in this order; null for none. */
  readonly locks?: readonly (string | null)[];
  readonly type?: "ecc" | "rsa" | "curve25519";
  readonly expires?: number;
}

/** A throw-away key with one subkey for encryption and one for signing, each with a lock of its own. */
export async function makeSecretKey({ passphrase, locks, type = "ecc", expires = 0 }: SecretKeyOptions = {}) {
  const { privateKey } = await generateKey({
    type,
    ...(type === "ecc" && { curve: "curve25519Legacy" as const }),
    ...(type === "rsa" && { rsaBits: 2048 }),
    userIDs: [{ name: "Appeals", email: "appeals@example.org" }],
    subkeys: [{}, { sign: true }],
    keyExpirationTime: expires,
    format: "object",
    config: { v6Keys: false },
  });
  const each = locks ?? (passphrase === undefined ? [] : [passphrase, passphrase, passphrase]);
  const packets = [privateKey, ...privateKey.subkeys].map(({ keyPacket }) => keyPacket);
  for (const [index, packet] of packets.entries()) {
    const lock = each[index] ?? null;
    if (lock !== null && "encrypt" in packet) await packet.encrypt(lock, { ...config, ...QUICK });
  }
  return privateKey;
}

/** The same key with every part locked by `passphrase`. */
export async function lockedBy(key: PrivateKey, passphrase: string, argon2 = false): Promise<PrivateKey> {
  const copy = await readPrivateKey({ binaryKey: key.write() });
  const params = { passes: 1, parallelism: 1, memoryExponent: 4 };
  const settings: PartialConfig = argon2
    ? { aeadProtect: true, s2kType: enums.s2k.argon2, s2kArgon2Params: params }
    : QUICK;
  return encryptKey({ privateKey: copy, passphrase, config: settings });
}

/** A packet in the current format, with a definite length (RFC 9580 section 4.2.1). */
export function packet(tag: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  return concat(new Uint8Array([0xc0 | tag, 0xff]), length, body);
}

/** What GnuPG exports for a part whose secret is on a smart card (mode 2) or elsewhere (mode 1). */
export function stub(publicPart: Uint8Array, mode: 1 | 2): Uint8Array<ArrayBuffer> {
  const serial = mode === 2 ? new Uint8Array([16, ...new Uint8Array(16).fill(7)]) : new Uint8Array(0);
  return concat(publicPart, new Uint8Array([255, 0, 101, 0]), utf8("GNU"), new Uint8Array([mode]), serial);
}
