import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { encryptSessionKey, readKey } from "openpgp";
import type { Recipient } from "../../src/openpgp/index.js";
import { concat } from "./bytes.js";

const MDC_HEADER = [0xd3, 20];

/** One packet in the OpenPGP format, of a definite length. */
export function packet(tag: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = body;
  const bytes =
    length < 192
      ? [length]
      : length < 8384
        ? [((length - 192) >> 8) + 192, (length - 192) & 255]
        : [255, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255];
  return concat(Uint8Array.of(0xc0 | tag, ...bytes), body);
}

/** A literal data packet: binary, without a name. */
export function literal(contents: Uint8Array): Uint8Array<ArrayBuffer> {
  return packet(11, concat(Uint8Array.of(0x62, 0, 0, 0, 0, 0), contents));
}

/** A message properly encrypted to a recipient, version 1 of encrypted data, whatever is inside. */
export async function sealed(recipient: Recipient, packets: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const key = randomBytes(32);
  const sessionKey = await encryptSessionKey({
    data: key,
    algorithm: "aes256",
    encryptionKeys: await readKey({ armoredKey: recipient.certificate.armor() }),
    wildcard: true,
    format: "binary",
  });
  const prefix = randomBytes(16);
  const content = Buffer.concat([prefix, prefix.subarray(14), packets, Uint8Array.from(MDC_HEADER)]);
  const plain = Buffer.concat([content, createHash("sha1").update(content).digest()]);
  const cipher = createCipheriv("aes-256-cfb", key, Buffer.alloc(16));
  return concat(sessionKey, packet(18, Buffer.concat([Uint8Array.of(1), cipher.update(plain), cipher.final()])));
}
