import { enums, type KeyID, PacketList, PrivateKey, SecretKeyPacket } from "openpgp";

/**
 * An unlocked secret key packet as a key. It decrypts whatever was encrypted to it: dates, revocations, bindings and
 * preferences say what to encrypt to a key, and an old message must still open.
 */
class DecryptingKey extends PrivateKey {
  override async getDecryptionKeys(keyId?: KeyID): Promise<PrivateKey[]> {
    return keyId === undefined || this.getKeyID().equals(keyId, true) ? [this] : [];
  }

  /** openpgp.js takes the ciphers that a message may use from here. */
  async getPrimarySelfSignature(): Promise<{ readonly preferredSymmetricAlgorithms: readonly enums.symmetric[] }> {
    const { aes192, aes256, blowfish, twofish } = enums.symmetric;
    return { preferredSymmetricAlgorithms: [aes256, aes192, twofish, blowfish] };
  }
}

/**
 * @param body of an unlocked Secret-Key or Secret-Subkey packet (RFC 9580 section 5.5.3)
 * @throws Error if it is none that openpgp.js can use
 */
export async function decryptingKey(body: Uint8Array): Promise<PrivateKey> {
  const packet = new SecretKeyPacket();
  await packet.read(body);
  const packets = new PacketList<SecretKeyPacket>();
  packets.push(packet);
  return new DecryptingKey(packets);
}

/** The bodies of the unlocked packets of `keys` that decrypt, to be passed to another thread. */
export async function unlockedPackets(keys: readonly PrivateKey[]): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  for (const key of keys) {
    // Without a date, so that expired keys decrypt old messages.
    const usable = await key.getDecryptionKeys(undefined, null).catch(() => []);
    bodies.push(...usable.filter(({ keyPacket }) => keyPacket.isDecrypted()).map(({ keyPacket }) => keyPacket.write()));
  }
  return bodies;
}
