import {
  armor,
  config,
  enums,
  generateKey,
  PacketList,
  PrivateKey,
  readKey,
  readPrivateKey,
  SecretKeyPacket,
  SecretSubkeyPacket,
  SignaturePacket,
} from "openpgp";
import { Fault } from "../core/index.js";
import { lockOfVersion } from "../openpgp/index.js";
import { endOfUse, type Month, monthAfter, monthOf, startOfMonth } from "./month.js";

/** `unreadable`: not the key. `locked`: the passphrase does not open it. `other_key`: it is another certificate's. */
export class MonthlyKeyError extends Fault<"unreadable" | "locked" | "other_key"> {}

/** The secret of one month: an armored key with that month's subkey, the primary key without its secret. */
export interface MonthSecret {
  readonly month: Month;
  readonly fingerprint: string;
  readonly secretKey: string;
}

export interface MonthlyKey {
  readonly fingerprint: string;
  readonly certificate: string;
  /** The primary key alone: it makes later months, and decrypts nothing. */
  readonly primaryKey: string;
  readonly revocationCertificate: string;
  readonly months: readonly MonthSecret[];
}

export interface MonthlyKeyRequest {
  readonly userId: { readonly name: string; readonly email?: string };
  readonly passphrase: string;
  readonly count: number;
  readonly now: Date;
}

/** Methods that openpgp.js leaves out of its type declarations. */
interface Generated {
  generate(bits: undefined, curve: string): Promise<void>;
  computeFingerprintAndKeyID(): Promise<void>;
}
interface Signing {
  sign(key: object, data: object, date: Date, detached: boolean, settings: object): Promise<void>;
}

const LOCK = { ...config, ...lockOfVersion(4) };
/** Ed25519 needs no salt in a notation, which would make each of 24 signatures a half larger. */
const SIGNING = { ...config, nonDeterministicSignaturesViaNotation: false };
const CURVE25519_OID = "curve25519Legacy";

/**
 * Makes a version 4 certificate with an encryption subkey for each of `count` months, the first one being that of
 * `now`. A subkey is created at the beginning of its month and ends {@link endOfUse}: GnuPG, openpgp.js and ours choose
 * the newest that has begun, and so that of the day.
 */
export async function createMonthlyKey({ userId, passphrase, count, now }: MonthlyKeyRequest): Promise<MonthlyKey> {
  const { privateKey, revocationCertificate } = await generateKey({
    type: "ecc",
    curve: "ed25519Legacy",
    userIDs: [{ ...userId }],
    subkeys: [],
    date: now,
    format: "object",
    config: SIGNING,
  });
  const made = await makeMonths(privateKey, monthOf(now), count, passphrase, now);
  const certificate = certificateOf(privateKey.toPublic().write(), made);
  await (privateKey.keyPacket as SecretKeyPacket).encrypt(passphrase, LOCK);
  return {
    fingerprint: privateKey.getFingerprint().toUpperCase(),
    certificate,
    primaryKey: privateKey.armor(),
    revocationCertificate,
    months: made.map(({ secret }) => secret),
  };
}

export interface ExtendRequest {
  readonly certificate: string;
  readonly primaryKey: string;
  readonly passphrase: string;
  readonly count: number;
  readonly now: Date;
}

/**
 * Adds `count` months after the last one of a certificate, or from that of `now` on if that has passed.
 * @throws MonthlyKeyError
 */
export async function extendMonthlyKey(
  request: ExtendRequest,
): Promise<Pick<MonthlyKey, "fingerprint" | "certificate" | "months">> {
  const { passphrase, count, now } = request;
  const unreadable = (cause: unknown): never => {
    throw new MonthlyKeyError("unreadable", "this is not the primary key and its certificate", { cause });
  };
  const primary = await readPrivateKey({ armoredKey: request.primaryKey }).catch(unreadable);
  const certificate = await readKey({ armoredKey: request.certificate }).catch(unreadable);
  if (primary.getFingerprint() !== certificate.getFingerprint()) {
    throw new MonthlyKeyError("other_key", "the certificate is of another key than the primary key");
  }
  const packet = primary.keyPacket as SecretKeyPacket;
  await packet.decrypt(passphrase).catch((cause: unknown) => {
    throw new MonthlyKeyError("locked", "the passphrase does not unlock the primary key", { cause });
  });
  const last = certificate.subkeys.reduce((latest, { keyPacket }) => Math.max(latest, keyPacket.created.getTime()), 0);
  const next = last === 0 ? monthOf(now) : monthAfter(monthOf(new Date(last)));
  const made = await makeMonths(primary, next < monthOf(now) ? monthOf(now) : next, count, passphrase, now);
  return {
    fingerprint: primary.getFingerprint().toUpperCase(),
    certificate: certificateOf(certificate.write(), made),
    months: made.map(({ secret }) => secret),
  };
}

interface MadeMonth {
  readonly secret: MonthSecret;
  /** The packets of the public subkey and of its binding. */
  readonly public: Uint8Array;
}

async function makeMonths(
  primary: PrivateKey,
  first: Month,
  count: number,
  passphrase: string,
  now: Date,
): Promise<MadeMonth[]> {
  const stub = await withoutSecret(primary);
  const made: MadeMonth[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push(await makeMonth(primary, stub, monthAfter(first, index), passphrase, now));
  }
  return made;
}

async function makeMonth(
  primary: PrivateKey,
  stub: PacketList<never>,
  month: Month,
  passphrase: string,
  now: Date,
): Promise<MadeMonth> {
  // No subkey is older than its primary key.
  const created = new Date(Math.max(startOfMonth(month).getTime(), Math.floor(now.getTime() / 1000) * 1000));
  const subkey = new SecretSubkeyPacket();
  subkey.created = created;
  subkey.algorithm = enums.publicKey.ecdh;
  const generated = subkey as unknown as Generated;
  await generated.generate(undefined, CURVE25519_OID);
  await generated.computeFingerprintAndKeyID();
  const binding = new SignaturePacket();
  binding.signatureType = enums.signature.subkeyBinding;
  binding.publicKeyAlgorithm = primary.keyPacket.algorithm;
  binding.hashAlgorithm = enums.hash.sha512;
  binding.keyFlags = Uint8Array.of(enums.keyFlags.encryptCommunication | enums.keyFlags.encryptStorage);
  binding.keyExpirationTime = Math.floor((endOfUse(month).getTime() - created.getTime()) / 1000);
  binding.keyNeverExpires = false;
  // Dated now, not in its month: GnuPG drops a subkey whose binding is dated ahead when it imports a key.
  const signing = binding as unknown as Signing;
  await signing.sign(primary.keyPacket, { key: primary.keyPacket, bind: subkey }, now, false, SIGNING);
  const publicPackets = withPackets(primary.toPacketList(), subkey, binding).toPublic().toPacketList();
  await subkey.encrypt(passphrase, LOCK);
  const secretKey = withPackets(stub, subkey, binding);
  return {
    secret: { month, fingerprint: subkey.getFingerprint().toUpperCase(), secretKey: secretKey.armor() },
    public: packetList(publicPackets.slice(-2)).write(),
  };
}

/** The packets of a key, its primary key without the secret (GnuPG's doc/DETAILS, S2K type 101). */
async function withoutSecret(key: PrivateKey): Promise<PacketList<never>> {
  const packets = key.toPacketList();
  const [primary, ...rest] = packets;
  const stub = new SecretKeyPacket();
  await stub.read((primary as SecretKeyPacket).write());
  stub.makeDummy();
  return packetList([stub, ...rest]);
}

function withPackets(packets: readonly object[], ...more: readonly object[]): PrivateKey {
  return new PrivateKey(packetList([...packets, ...more]));
}

function packetList(packets: readonly object[]): PacketList<never> {
  const list = new PacketList<never>();
  for (const packet of packets) list.push(packet as never);
  return list;
}

function certificateOf(packets: Uint8Array, months: readonly MadeMonth[]): string {
  const parts = [packets, ...months.map((each) => each.public)];
  const joined = Uint8Array.from(parts.flatMap((part) => [...part]));
  return armor(enums.armor.publicKey, joined, undefined, undefined, undefined, true);
}
