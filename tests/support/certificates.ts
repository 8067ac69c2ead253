import {
  config,
  enums,
  generateKey,
  type KeyOptions,
  PacketList,
  type PrivateKey,
  type SecretKeyPacket,
  SignaturePacket,
} from "openpgp";
import { concat } from "./bytes.js";

/** What a certificate is made of, to be put together wrongly or oddly. */
export interface Made {
  readonly secret: PrivateKey;
  readonly primary: SecretKeyPacket;
}

export interface SignatureOptions {
  readonly date: Date;
  /** First and second byte of the key flags. */
  readonly flags?: readonly number[];
  readonly hash?: enums.hash;
  /** Seconds that the key lives from its creation on. */
  readonly keyLifetime?: number;
  /** Seconds that the signature itself counts. */
  readonly lifetime?: number;
  readonly reason?: enums.reasonForRevocation;
  readonly features?: readonly number[];
}

type Signable = object;

export const Flags = { certify: 0x01, sign: 0x02, encrypt: 0x0c } as const;

/** A key of openpgp.js, made at `date`: Ed25519 with one Curve25519 subkey unless told otherwise. */
export async function make(date: Date, options: Partial<Omit<KeyOptions, "format">> = {}): Promise<Made> {
  const { privateKey } = await generateKey({ userIDs: [{ name: "Test" }], date, ...options, format: "object" });
  return { secret: privateKey, primary: privateKey.keyPacket as unknown as SecretKeyPacket };
}

/** Packets of a certificate: those of `made`, and then whatever follows. */
export function packetsOf({ secret }: Made, ...more: readonly Uint8Array[]): Uint8Array {
  return concat(secret.toPublic().write(), ...more);
}

/** The primary key alone. */
export function primaryOf({ secret }: Made): Uint8Array {
  return written(secret.toPublic().keyPacket);
}

/** The first subkey alone. */
export function subkeyOf({ secret }: Made): Uint8Array {
  return written(firstSubkey(secret.toPublic()).keyPacket);
}

export function userOf({ secret }: Made): Uint8Array {
  const user = secret.toPublic().users[0]?.userID;
  if (user == null) throw new Error("there is no user id");
  return written(user);
}

/** A signature of `by` over the first subkey of `over`. */
export function bind(by: Made, over: Made, options: SignatureOptions): Promise<Uint8Array> {
  const bind = firstSubkey(over.secret.toPublic()).keyPacket;
  return sign(enums.signature.subkeyBinding, by, { bind }, options);
}

export function revokeSubkey(by: Made, options: SignatureOptions): Promise<Uint8Array> {
  return sign(enums.signature.subkeyRevocation, by, { bind: firstSubkey(by.secret.toPublic()).keyPacket }, options);
}

export function certify(by: Made, options: SignatureOptions, over: Made = by): Promise<Uint8Array> {
  const key = over.secret.toPublic();
  return sign(enums.signature.certPositive, by, { userID: key.users[0]?.userID, key: key.keyPacket }, options);
}

/** A signature about the primary key itself. */
export function direct(by: Made, options: SignatureOptions): Promise<Uint8Array> {
  return sign(enums.signature.key, by, {}, options);
}

export function revoke(by: Made, options: SignatureOptions): Promise<Uint8Array> {
  return sign(enums.signature.keyRevocation, by, {}, options);
}

async function sign(
  type: enums.signature,
  by: Made,
  about: Signable,
  { date, flags, hash = enums.hash.sha256, keyLifetime, lifetime, reason, features }: SignatureOptions,
): Promise<Uint8Array> {
  const signature = new SignaturePacket();
  signature.signatureType = type;
  signature.publicKeyAlgorithm = by.primary.algorithm;
  signature.hashAlgorithm = hash;
  if (flags !== undefined) signature.keyFlags = Uint8Array.from(flags);
  if (features !== undefined) signature.features = Uint8Array.from(features);
  if (keyLifetime !== undefined) Object.assign(signature, { keyExpirationTime: keyLifetime, keyNeverExpires: false });
  if (lifetime !== undefined) {
    Object.assign(signature, { signatureExpirationTime: lifetime, signatureNeverExpires: false });
  }
  if (reason !== undefined) signature.reasonForRevocationFlag = reason;
  const data = { key: by.secret.toPublic().keyPacket, ...about };
  await (signature.sign as (...values: readonly unknown[]) => Promise<void>).call(
    signature,
    ...[by.primary, data, date, false, { ...config, nonDeterministicSignaturesViaNotation: false }],
  );
  return written(signature);
}

function firstSubkey<Key extends { readonly subkeys: readonly unknown[] }>({ subkeys }: Key): Key["subkeys"][number] {
  const [subkey] = subkeys;
  if (subkey === undefined) throw new Error("there is no subkey");
  return subkey as Key["subkeys"][number];
}

function written(packet: object): Uint8Array {
  const list = new PacketList();
  list.push(packet as never);
  return list.write();
}
