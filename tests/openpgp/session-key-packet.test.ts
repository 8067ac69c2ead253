import { describe, expect, test } from "vitest";
import { readSessionKeyPacket } from "../../src/openpgp/packets/session-key-packet.js";
import { codeOf, concat } from "../support/bytes.js";

const RSA = 1;
const ECDH = 18;
const X25519 = 25;
const X448 = 26;
const KEY_ID = "0123456789abcdef";

const bytes = (...values: readonly number[]) => new Uint8Array(values);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

/** A multiprecision integer that says it has so many bits, with `lead` for its first byte. */
function integer(bits: number, lead = 1 << ((bits - 1) % 8)): Uint8Array {
  const number = new Uint8Array(2 + Math.ceil(bits / 8));
  number.set([bits >> 8, bits & 0xff, lead]);
  return number;
}

/** What X25519 and X448 have: the sender's share, then a wrapped key behind its length. */
const exchange = (share: number, wrapped: number) =>
  concat(new Uint8Array(share), bytes(wrapped), new Uint8Array(wrapped));
const v3 = (algorithm: number, fields: Uint8Array, key = KEY_ID) =>
  concat(bytes(3), hex(key), bytes(algorithm), fields);
const v6 = (algorithm: number, fields: Uint8Array, keyVersion: number, fingerprint: Uint8Array) =>
  concat(bytes(6, fingerprint.length + 1, keyVersion), fingerprint, bytes(algorithm), fields);

describe("whom a session key packet is for", () => {
  test.each([
    ["a key ID", KEY_ID, KEY_ID],
    ["a key ID that begins with zeros", "0000000000000001", "0000000000000001"],
    ["a key ID that ends with zeros", "1000000000000000", "1000000000000000"],
    ["nobody, by a key ID of zeros", "0000000000000000", null],
  ])("is told by %s in version 3", (_what, id, key) => {
    expect(readSessionKeyPacket(v3(RSA, integer(2048), id))).toEqual({ version: 3, key, algorithm: RSA });
  });

  test.each([
    [4, 20],
    [6, 32],
  ])("is told by the fingerprint of a key of version %i, %i bytes, in version 6", (keyVersion, length) => {
    const fingerprint = Uint8Array.from({ length }, (_none, index) => index + 1);
    expect(readSessionKeyPacket(v6(X25519, exchange(32, 40), keyVersion, fingerprint))).toEqual({
      version: 6,
      key: Buffer.from(fingerprint).toString("hex"),
      algorithm: X25519,
    });
  });

  test("may be left out in version 6", () => {
    const hidden = concat(bytes(6, 0, X25519), exchange(32, 40));
    expect(readSessionKeyPacket(hidden)).toEqual({ version: 6, key: null, algorithm: X25519 });
  });

  test.each([
    ["a fingerprint of version 4 that is too short", 4, 19],
    ["a fingerprint of version 4 that is too long", 4, 21],
    ["a fingerprint of version 6 as long as one of version 4", 6, 20],
    ["a fingerprint of a version that there is none of", 5, 32],
    ["a length of one, for which there is no fingerprint", 4, 0],
    ["a length of one, with a version that there is none of", 5, 0],
  ])("is malformed with %s", async (_what, keyVersion, length) => {
    const packet = v6(X25519, exchange(32, 40), keyVersion, new Uint8Array(length).fill(1));
    expect(await codeOf(() => readSessionKeyPacket(packet))).toBe("malformed_packet");
  });

  test.each([0, 2, 4, 5, 7, 255])("is not asked in version %i", async (version) => {
    const like3 = v3(RSA, integer(2048)).fill(version, 0, 1);
    const like6 = v6(X25519, exchange(32, 40), 4, new Uint8Array(20)).fill(version, 0, 1);
    for (const packet of [like3, like6]) expect(await codeOf(() => readSessionKeyPacket(packet))).toBe("unsupported");
  });
});

describe("the fields of a session key packet", () => {
  const accepted: readonly (readonly [string, Uint8Array])[] = [
    ["RSA with 256 bits", v3(RSA, integer(256))],
    ["RSA with 257 bits", v3(RSA, integer(257))],
    ["RSA with 2047 bits", v3(RSA, integer(2047))],
    ["RSA with 2048 bits", v3(RSA, integer(2048, 0xff))],
    ["ECDH with a key of no bytes", v3(ECDH, concat(integer(263), bytes(0)))],
    ["ECDH with a key of 48 bytes", v3(ECDH, concat(integer(263), bytes(48), new Uint8Array(48)))],
    ["X25519 of version 3 with 25 bytes", v3(X25519, exchange(32, 25))],
    ["X448 of version 3 with 41 bytes", v3(X448, exchange(56, 41))],
    ["X25519 of version 6 with 24 bytes", v6(X25519, exchange(32, 24), 4, new Uint8Array(20))],
    ["X448 of version 6 with 24 bytes", v6(X448, exchange(56, 24), 6, new Uint8Array(32))],
  ];

  test.each(accepted)("fill it with %s, and not a byte is missing or left over", async (_what, packet) => {
    expect(readSessionKeyPacket(packet).key).not.toBeUndefined();
    for (const other of [packet.subarray(0, -1), concat(packet, bytes(0))]) {
      expect(await codeOf(() => readSessionKeyPacket(other))).toBe("malformed_packet");
    }
  });

  test.each([
    ["RSA with 255 bits", v3(RSA, integer(255))],
    ["RSA with fewer bits than its first byte has", v3(RSA, integer(2041, 2))],
    ["RSA with more bits than its first byte has", v3(RSA, integer(2048, 0x7f))],
    ["RSA with a first byte of zero", v3(RSA, integer(2048, 0))],
    ["ECDH with a point of 255 bits", v3(ECDH, concat(integer(255), bytes(0)))],
    ["X25519 of version 3 with 24 bytes", v3(X25519, exchange(32, 24))],
    ["X25519 of version 6 with 23 bytes", v6(X25519, exchange(32, 23), 4, new Uint8Array(20))],
    ["X25519 with the share of X448", v3(X25519, exchange(56, 40))],
    ["X448 with the share of X25519", v3(X448, exchange(32, 41))],
    ["X25519 with no fields at all", v3(X25519, bytes())],
    ["RSA with no fields at all", v3(RSA, bytes())],
  ])("are malformed for %s", async (_what, packet) => {
    expect(await codeOf(() => readSessionKeyPacket(packet))).toBe("malformed_packet");
  });

  test.each([0, 2, 3, 16, 17, 19, 22, 24, 27])("are not read for the algorithm %i", async (algorithm) => {
    expect(await codeOf(() => readSessionKeyPacket(v3(algorithm, integer(2048))))).toBe("foreign_algorithm");
  });

  test.each([
    ["version 3, cut off before its algorithm", concat(bytes(3), hex(KEY_ID))],
    ["version 6, cut off before its algorithm", bytes(6, 0)],
  ])("are not there in %s", async (_what, packet) => {
    expect(await codeOf(() => readSessionKeyPacket(packet))).toBe("malformed_packet");
  });

  test("are not there in no bytes", async () => {
    expect(await codeOf(() => readSessionKeyPacket(bytes()))).toBe("unsupported");
  });
});
