import { enums } from "openpgp";
import { describe, expect, it } from "vitest";
import { checkRecipient } from "../../../src/openpgp/index.js";
import { concat } from "../../support/bytes.js";
import { bind, certify, Flags, make, packetsOf, subkeyOf } from "../../support/certificates.js";
import { GnuPg } from "../../support/gpg.js";
import { certificateIn } from "../../support/keys.js";
import { requireTools } from "../../support/tools.js";
import { readManifest, readText } from "../../vectors/manifest.js";

const START = new Date("2026-03-01T12:00:00Z");
const DAY = 86_400;
const day = (days: number) => new Date(START.getTime() + days * DAY * 1000);
const LATER = new Date("2040-01-01");

describe("what is published of a certificate", () => {
  it("is what encrypting needs: no stranger's signatures, no other user id, no other subkey", async () => {
    const users = [{ name: "First" }, { name: "Second" }];
    const key = await make(day(-100), { userIDs: users, subkeys: [{}, { sign: true }] });
    const strangers = await Promise.all(
      Array.from({ length: 20 }, async (_none, index) => {
        const stranger = await make(day(-90));
        return certify(stranger, { date: day(-index) }, key);
      }),
    );
    const [plain, flooded] = [packetsOf(key), withAfterUser(packetsOf(key), strangers)];
    expect(flooded.length).toBeGreaterThan(plain.length + 2_000);
    const { certificate } = checkRecipient(await certificateIn(flooded), START);
    expect(certificate.write().length).toBeLessThan(plain.length);
    expect(certificate.userIds).toHaveLength(1);
    expect(certificate.fingerprints).toHaveLength(2);
    expect(certificate.at(START).keys.map(({ fingerprint }) => fingerprint)).toEqual(certificate.fingerprints.slice(1));
  });

  it("has only the newest of its own signatures, and those that count when it ends", async () => {
    const [main, other] = await Promise.all([make(day(-100), { subkeys: [{ sign: true }] }), make(day(-90))]);
    const bindings = await Promise.all(
      [-80, -60, -40].map((date) => bind(main, other, { date: day(date), flags: [Flags.encrypt] })),
    );
    const shortly = await bind(main, other, { date: day(-20), flags: [Flags.encrypt], lifetime: 30 * DAY });
    const full = packetsOf(main, subkeyOf(other), ...bindings, shortly);
    const { certificate, expires } = checkRecipient(await certificateIn(full), START);
    expect(expires).toBeNull();
    const again = await certificateIn(certificate.write());
    expect(again.at(day(11)).keys).toHaveLength(1);
    expect(certificate.write().length).toBeLessThan(full.length - 2 * (bindings[0]?.length ?? 0));
  });

  it("has nothing that somebody else put beside a signature", async () => {
    const key = await make(day(-10));
    const plain = checkRecipient(await certificateIn(packetsOf(key)), START).certificate.write();
    const stuffed = stuff(packetsOf(key), 400);
    expect(checkRecipient(await certificateIn(stuffed), START).certificate.write()).toEqual(plain);
  });

  it("stays the same, whenever it is made, until its owner signs something", async () => {
    const [main, first, second] = await Promise.all([
      make(day(-100), { subkeys: [{ sign: true }] }),
      make(day(-90)),
      make(day(-10)),
    ]);
    const full = packetsOf(
      main,
      subkeyOf(first),
      await bind(main, first, { date: day(-20), flags: [Flags.encrypt], keyLifetime: 100 * DAY }),
      subkeyOf(second),
      await bind(main, second, { date: day(-20), flags: [Flags.encrypt] }),
    );
    const at = async (date: Date) => checkRecipient(await certificateIn(full), date);
    const [soon, late] = [await at(START), await at(day(50))];
    expect(soon.certificate.armor()).toBe(late.certificate.armor());
    expect(soon.schedule).toEqual(late.schedule);
  });

  it.each(readManifest().certificates.filter(({ code }) => code === null))(
    "of $file is read back as the same, and chooses the same",
    async ({ file }) => {
      const recipient = checkRecipient(await certificateIn(readText(file)), LATER);
      const again = checkRecipient(await certificateIn(recipient.certificate.armor()), LATER);
      expect(again.certificate.write()).toEqual(recipient.certificate.write());
      expect(again.certificate.at(LATER)).toMatchObject({ aead: recipient.aead });
      expect(again.certificate.periods(LATER).length).toBe(recipient.certificate.periods(LATER).length);
    },
  );

  it.runIf(requireTools("published certificates in GnuPG", "gpg"))("is enough for GnuPG to encrypt to", async () => {
    const gpg = await GnuPg.create();
    try {
      const fingerprint = await gpg.generate("curve25519");
      const full = await gpg.exportPublic(fingerprint);
      const secret = await gpg.exportSecret(fingerprint);
      const { certificate } = checkRecipient(await certificateIn(full), new Date());
      const other = await GnuPg.create();
      try {
        await other.importKeys(certificate.armor());
        const message = await other.encrypt(Buffer.from("text"), [fingerprint]);
        await gpg.importKeys(secret);
        expect((await gpg.decrypt(message)).toString()).toBe("text");
      } finally {
        await other.close();
      }
    } finally {
      await gpg.close();
    }
  });
});

/** `packets` with `more` behind the first user id's own signature. */
function withAfterUser(packets: Uint8Array, more: readonly Uint8Array[]): Uint8Array {
  const parts = split(packets);
  const user = parts.findIndex((part) => part[0] === (0xc0 | enums.packet.userID));
  return concat(...parts.slice(0, user + 2), ...more, ...parts.slice(user + 2));
}

/** `packets` with a notation of `bytes` in the unhashed area of every signature. */
function stuff(packets: Uint8Array, bytes: number): Uint8Array {
  return concat(
    ...split(packets).map((part) => {
      if (part[0] !== (0xc0 | enums.packet.signature)) return part;
      const body = part.subarray((part[1] ?? 0) < 192 ? 2 : 3);
      const hashed = 6 + (body[4] ?? 0) * 256 + (body[5] ?? 0);
      const unhashed = (body[hashed] ?? 0) * 256 + (body[hashed + 1] ?? 0);
      const size = unhashed + bytes + 3;
      const junk = Uint8Array.of(((bytes + 1 - 192) >> 8) + 192, (bytes + 1 - 192) & 0xff, 100);
      const longer = concat(
        body.subarray(0, hashed),
        Uint8Array.of(size >> 8, size & 0xff),
        body.subarray(hashed + 2, hashed + 2 + unhashed),
        junk,
        new Uint8Array(bytes),
        body.subarray(hashed + 2 + unhashed),
      );
      return concat(
        Uint8Array.of(part[0] ?? 0, ((longer.length - 192) >> 8) + 192, (longer.length - 192) & 0xff),
        longer,
      );
    }),
  );
}

/** Packets as openpgp.js writes them: current headers, under 8384 bytes. */
function split(packets: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packets.length; ) {
    const first = packets[at + 1] ?? 0;
    const length = first < 192 ? first + 2 : ((first - 192) << 8) + (packets[at + 2] ?? 0) + 192 + 3;
    parts.push(packets.subarray(at, at + length));
    at += length;
  }
  return parts;
}
