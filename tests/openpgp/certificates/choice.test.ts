import { enums, generateKey } from "openpgp";
import { describe, expect, it } from "vitest";
import { Certificate, checkRecipient, mergeCertificates, readKeyFile } from "../../../src/openpgp/index.js";
import { concat } from "../../support/bytes.js";
import {
  bind,
  certify,
  direct,
  Flags,
  type Made,
  make,
  packetsOf,
  primaryOf,
  revoke,
  revokeSubkey,
  subkeyOf,
  userOf,
} from "../../support/certificates.js";

const START = new Date("2026-03-01T12:00:00Z");
const DAY = 86_400;

const day = (days: number) => new Date(START.getTime() + days * DAY * 1000);

async function read(...files: readonly Uint8Array[]): Promise<Certificate> {
  const found = files.flatMap((file) => readKeyFile(file)?.certificates ?? []);
  const [merged, ...more] = mergeCertificates(found);
  if (merged === undefined || more.length > 0) throw new Error("expected one certificate");
  return Certificate.from(merged);
}

/** What is chosen on a day: fingerprints, or the fault. */
function chosen(certificate: Certificate, date: Date): readonly string[] | string {
  const judged = certificate.judge(date);
  return "fault" in judged ? judged.fault : judged.keys.map(({ fingerprint }) => fingerprint);
}

const fingerprint = ({ secret }: Made) => secret.subkeys[0]?.getFingerprint().toUpperCase() ?? "";

/** A certificate without encryption subkeys, and the subkeys of others to put into it. */
async function parts() {
  const [main, first, second] = await Promise.all([
    make(day(-100), { subkeys: [{ sign: true }] }),
    make(day(-90)),
    make(day(-50)),
  ]);
  return { main, first, second };
}

describe("the one choice of keys", () => {
  it("is the newest usable encryption subkey, and never a weaker one that is newer", async () => {
    const { main, first, second } = await parts();
    const { privateKey: weak } = await generateKey({
      ...{ userIDs: [{ name: "x" }], type: "rsa", rsaBits: 2048, date: day(-10), format: "object" },
    });
    const weakling: Made = { secret: weak, primary: weak.keyPacket as never };
    const options = { date: day(-5), flags: [Flags.encrypt] };
    const both = packetsOf(
      main,
      ...[subkeyOf(first), await bind(main, first, options), subkeyOf(second), await bind(main, second, options)],
    );
    expect(chosen(await read(both), START)).toEqual([fingerprint(second)]);
    const three = concat(both, subkeyOf(weakling), await bind(main, weakling, options));
    expect(chosen(await read(three), START)).toEqual([fingerprint(second)]);
    const { remarks } = checkRecipient(await read(three), START);
    expect(remarks).toEqual([expect.stringMatching(/newer encryption subkey [0-9A-F]{40} .*RSA 2048 is too weak/)]);
  });

  it("passes over a subkey that SHA-1 binds, and says so when there is no other", async () => {
    const { first } = await parts();
    const main = await make(day(-100), { type: "rsa", rsaBits: 3072, subkeys: [{ sign: true }] });
    const sha1 = await bind(main, first, { date: day(-5), flags: [Flags.encrypt], hash: enums.hash.sha1 });
    const certificate = await read(packetsOf(main, subkeyOf(first), sha1));
    expect(chosen(certificate, START)).toBe("weak_algorithm");
    expect(() => certificate.at(START)).toThrow(/SHA-1/);
    const older = await bind(main, first, { date: day(-6), flags: [Flags.encrypt] });
    expect(chosen(await read(packetsOf(main, subkeyOf(first), sha1, older)), START)).toBe("weak_algorithm");
    const newer = await bind(main, first, { date: day(-4), flags: [Flags.encrypt] });
    expect(chosen(await read(packetsOf(main, subkeyOf(first), sha1, newer)), START)).toEqual([fingerprint(first)]);
  });

  it("follows the newest binding of a subkey, whichever of its files comes first", async () => {
    const { main, first } = await parts();
    const old = packetsOf(
      main,
      subkeyOf(first),
      await bind(main, first, { date: day(-80), flags: [Flags.encrypt], keyLifetime: 60 * DAY }),
    );
    const renewed = packetsOf(
      main,
      subkeyOf(first),
      await bind(main, first, { date: day(-40), flags: [Flags.encrypt], keyLifetime: 200 * DAY }),
    );
    expect(chosen(await read(old), START)).toBe("expired");
    for (const files of [[old, renewed], [renewed, old], [concat(old, renewed)]]) {
      expect(chosen(await read(...files), START)).toEqual([fingerprint(first)]);
    }
  });

  it("is ended by a revocation in any of the files, and by a loose one", async () => {
    const key = await make(day(-10));
    const plain = packetsOf(key);
    const revocation = await revoke(key, { date: day(-1) });
    expect(chosen(await read(plain), START)).toEqual([fingerprint(key)]);
    expect(chosen(await read(plain, packetsOf(key, revocation)), START)).toBe("revoked");
    expect(readKeyFile(revocation)).toMatchObject({ certificates: [], loose: [expect.anything()] });
    const subkey = await revokeSubkey(key, { date: day(-1), reason: enums.reasonForRevocation.keyRetired });
    expect(chosen(await read(packetsOf(key, subkey)), START)).toBe("no_encryption_key");
    // Retired from its date on; compromised for all times.
    const retired = await revoke(key, { date: day(5), reason: enums.reasonForRevocation.keySuperseded });
    const certificate = await read(plain, packetsOf(key, retired));
    expect([chosen(certificate, START), chosen(certificate, day(6))]).toEqual([[fingerprint(key)], "revoked"]);
    const stolen = await revoke(key, { date: day(5), reason: enums.reasonForRevocation.keyCompromised });
    expect(chosen(await read(plain, packetsOf(key, stolen)), START)).toBe("revoked");
  });

  it("ignores what another key signed", async () => {
    const [key, stranger] = await Promise.all([make(day(-10)), make(day(-10))]);
    const foreign = [await revoke(stranger, { date: day(-1) }), await certify(stranger, { date: day(-1) }, key)];
    const certificate = await read(packetsOf(key, ...foreign));
    expect(chosen(certificate, START)).toEqual([fingerprint(key)]);
    const stolen = packetsOf(
      key,
      subkeyOf(stranger),
      await bind(stranger, stranger, { date: day(-1), flags: [Flags.encrypt] }),
    );
    expect((await read(stolen)).fingerprints).not.toContain(fingerprint(stranger));
  });

  it("includes additional decryption subkeys, and says which of them it cannot", async () => {
    const { main, first, second } = await parts();
    const own = [subkeyOf(first), await bind(main, first, { date: day(-5), flags: [Flags.encrypt] })];
    const additional = (keyLifetime?: number) =>
      bind(main, second, { date: day(-5), flags: [0, 4], ...(keyLifetime && { keyLifetime }) });
    const both = await read(packetsOf(main, ...own, subkeyOf(second), await additional()));
    expect(chosen(both, START)).toEqual([fingerprint(first), fingerprint(second)]);
    expect(checkRecipient(both, START).certificate.fingerprints).toContain(fingerprint(second));
    const ended = await read(packetsOf(main, ...own, subkeyOf(second), await additional(20 * DAY)));
    expect(chosen(ended, START)).toEqual([fingerprint(first)]);
    expect(checkRecipient(ended, START).remarks).toEqual([expect.stringContaining("additional decryption subkey")]);
    const alone = await read(packetsOf(main, subkeyOf(second), await additional()));
    expect(chosen(alone, START)).toBe("no_encryption_key");
  });

  it("works without a user id where the key signs about itself, and else names the cause", async () => {
    const key = await make(day(-10));
    const subkey = concat(subkeyOf(key), await bind(key, key, { date: day(-9), flags: [Flags.encrypt] }));
    const itself = await direct(key, { date: day(-9), flags: [Flags.certify], features: [9] });
    const certificate = await read(concat(primaryOf(key), itself, subkey));
    expect(chosen(certificate, START)).toEqual([fingerprint(key)]);
    expect(checkRecipient(certificate, START)).toMatchObject({ userIds: [], aead: "ocb" });
    const stripped = await read(concat(primaryOf(key), subkey));
    expect(chosen(stripped, START)).toBe("no_self_signature");
    expect(() => stripped.at(START)).toThrow(/no user id/);
    const unsigned = await read(concat(primaryOf(key), userOf(key), subkey));
    expect(() => unsigned.at(START)).toThrow(/no user id with a signature of its own/);
  });

  it("reads user ids that are not UTF-8", async () => {
    const key = await make(day(-10), { userIDs: [{ name: "x" }] });
    const bytes = Buffer.from(packetsOf(key));
    expect(chosen(await read(bytes), START)).toEqual([fingerprint(key)]);
    // A user id of two bytes in KOI8-R. Its certification is over these bytes.
    const user = Uint8Array.of(0xc0 | 13, 2, 0xf0, 0xf2);
    const over: Made = { ...key, secret: withUser(key, Uint8Array.of(0xf0, 0xf2)) };
    const certified = await certify(over, { date: day(-9), flags: [Flags.certify] });
    const subkey = concat(subkeyOf(key), await bind(key, key, { date: day(-9), flags: [Flags.encrypt] }));
    expect(chosen(await read(concat(primaryOf(key), user, certified, subkey)), START)).toEqual([fingerprint(key)]);
  });

  it("blames a clock, and names both, where a renewal or a key is dated ahead", async () => {
    const { main, first } = await parts();
    const subkey = [
      subkeyOf(first),
      await bind(main, first, { date: day(-80), flags: [Flags.encrypt], keyLifetime: 60 * DAY }),
      await bind(main, first, { date: day(1), flags: [Flags.encrypt], keyLifetime: 900 * DAY }),
    ];
    const renewed = await read(packetsOf(main, ...subkey));
    expect(chosen(renewed, START)).toBe("not_yet_valid");
    expect(() => renewed.at(START)).toThrow(/2026-03-02 12:00 UTC, while this clock says 2026-03-01 12:00 UTC/);
    expect(chosen(renewed, day(1))).toEqual([fingerprint(first)]);
    const ahead = await read(packetsOf(await make(day(1))));
    expect(() => ahead.at(START)).toThrow(/2026-03-02 12:00 UTC, while this clock says 2026-03-01 12:00 UTC/);
  });

  it("takes the earliest end that the certificate names", async () => {
    const key = await make(day(-10), { keyExpirationTime: 100 * DAY });
    const certificate = await read(
      packetsOf(key, await direct(key, { date: day(-9), flags: [1], keyLifetime: 20 * DAY })),
    );
    expect(certificate.firstGap(START)).toEqual({ from: day(10), until: null });
  });
});

/** A certificate whose first subkey ends on the tenth day, and whose next begins at `begins`. */
async function succession(begins: Date) {
  const { main, first } = await parts();
  const next = await make(begins);
  const certificate = await read(
    packetsOf(
      main,
      subkeyOf(first),
      await bind(main, first, { date: day(-80), flags: [Flags.encrypt], keyLifetime: 100 * DAY }),
      subkeyOf(next),
      await bind(main, next, { date: begins, flags: [Flags.encrypt] }),
    ),
  );
  return { certificate, first, next };
}

describe("what is ahead", () => {
  it("is a gap where the last subkey ends before the next begins, with both dates", async () => {
    const { certificate, first, next } = await succession(day(12));
    const recipient = checkRecipient(certificate, START);
    expect(recipient.expires).toEqual(day(10));
    expect(recipient.certificate.firstGap(START)).toEqual({ from: day(10), until: day(12) });
    expect(recipient.schedule.map(({ keys: [key], until }) => [key.fingerprint, until])).toEqual([
      [fingerprint(first), day(10)],
      [fingerprint(next), null],
    ]);
    expect(chosen(recipient.certificate, day(10))).toBe("gap");
    expect(() => recipient.certificate.at(day(11))).toThrow(/2026-03-11 12:00 UTC.*2026-03-13 12:00 UTC/);
    expect(chosen(recipient.certificate, day(12))).toEqual([fingerprint(next)]);
  });

  it("is no gap where they overlap: the newer one is used from its beginning on", async () => {
    const { certificate, first, next } = await succession(day(5));
    expect(certificate.firstGap(START)).toBeNull();
    expect(chosen(certificate, day(4))).toEqual([fingerprint(first)]);
    expect(chosen(certificate, day(5))).toEqual([fingerprint(next)]);
  });
});

function withUser({ secret }: Made, bytes: Uint8Array): Made["secret"] {
  const certificate = secret.toPublic();
  const user = certificate.users[0]?.userID;
  if (user == null) throw new Error("there is no user id");
  Object.assign(user, { write: () => bytes });
  return Object.assign(Object.create(Object.getPrototypeOf(secret)), secret, { toPublic: () => certificate });
}
