import type { Packet } from "../packets/index.js";
import { RecipientError } from "./recipient-error.js";

/** Packets of a certificate (RFC 9580 section 5). */
export const Tag = { signature: 2, publicKey: 6, userId: 13, publicSubkey: 14, userAttribute: 17 } as const;

/** Those that may stand between them and mean nothing to us: marker, trust, old comment, padding, and private ones. */
const IGNORED = new Set([10, 12, 16, 21]);
const FIRST_UNCRITICAL_TAG = 40;
/** Signature types (RFC 9580 section 5.2.1). */
const DIRECT_KEY = 0x1f;
const KEY_REVOCATION = 0x20;

/** A component and its signatures, each once. All are bodies of packets, and nothing is verified. */
export interface SignedBody {
  readonly body: Uint8Array;
  readonly signatures: Map<string, Uint8Array>;
}

/** A certificate as it was found: the primary key, and what was signed with it. Components are keyed by their bytes. */
export interface RawCertificate {
  readonly primary: SignedBody;
  readonly users: Map<string, SignedBody>;
  readonly subkeys: Map<string, SignedBody>;
}

export interface RawCertificates {
  readonly certificates: RawCertificate[];
  /** Signatures before any key, as `gpg --gen-revoke` writes a revocation. */
  readonly loose: Uint8Array[];
}

/**
 * The certificates in a sequence of packets (RFC 9580 section 10.1).
 * @throws RecipientError `unreadable` for a packet that belongs to no certificate, `secret_key` for a secret key
 */
export function groupPackets(packets: readonly Packet[]): RawCertificates {
  const found: RawCertificates = { certificates: [], loose: [] };
  let current: RawCertificate | null = null;
  let component: SignedBody | null = null;
  for (const { tag, body } of packets) {
    if (tag === Tag.publicKey) {
      current = { primary: { body, signatures: new Map() }, users: new Map(), subkeys: new Map() };
      component = current.primary;
      found.certificates.push(current);
    } else if (tag === Tag.signature) {
      if (current === null) found.loose.push(body);
      else add(isAboutPrimary(body) ? current.primary : component, body);
    } else if (tag === Tag.userId && current !== null) component = componentOf(current.users, body);
    else if (tag === Tag.publicSubkey && current !== null) component = componentOf(current.subkeys, body);
    else if (tag === Tag.userAttribute && current !== null) component = null;
    else if (tag === 5 || tag === 7) throw new RecipientError("secret_key", "this file holds a secret key");
    else if (!IGNORED.has(tag) && tag < FIRST_UNCRITICAL_TAG) {
      throw new RecipientError("unreadable", "this file holds something other than keys");
    }
  }
  return found;
}

/**
 * The certificates with each key once: versions of one certificate become one with the components and signatures of
 * all. Which signature counts is decided later, by their dates.
 */
export function mergeCertificates(certificates: readonly RawCertificate[]): RawCertificate[] {
  const merged = new Map<string, RawCertificate>();
  for (const each of certificates) {
    const key = keyOf(each.primary.body);
    const there = merged.get(key) ?? { primary: empty(each.primary.body), users: new Map(), subkeys: new Map() };
    merged.set(key, there);
    addAll(there.primary, each.primary);
    for (const { body, signatures } of each.users.values())
      addAll(componentOf(there.users, body), { body, signatures });
    for (const subkey of each.subkeys.values()) addAll(componentOf(there.subkeys, subkey.body), subkey);
  }
  return [...merged.values()];
}

/** Puts a signature beside the primary key: for a revocation that came without its key. */
export function addToPrimary({ primary }: RawCertificate, signature: Uint8Array): void {
  add(primary, signature);
}

/** Key servers and old programs put these after user ids and subkeys as well. */
function isAboutPrimary(signature: Uint8Array): boolean {
  return signature[1] === DIRECT_KEY || signature[1] === KEY_REVOCATION;
}

function componentOf(components: Map<string, SignedBody>, body: Uint8Array): SignedBody {
  const key = keyOf(body);
  const there = components.get(key) ?? empty(body);
  components.set(key, there);
  return there;
}

function empty(body: Uint8Array): SignedBody {
  return { body, signatures: new Map() };
}

function add(component: SignedBody | null, signature: Uint8Array): void {
  component?.signatures.set(keyOf(signature), signature);
}

function addAll(component: SignedBody, { signatures }: SignedBody): void {
  for (const [key, signature] of signatures) component.signatures.set(key, signature);
}

/** The bytes as a string: equal exactly for equal bytes. */
function keyOf(body: Uint8Array): string {
  let key = "";
  for (const byte of body) key += String.fromCharCode(byte);
  return key;
}
