import fc from "fast-check";
import { armor, enums, readKey } from "openpgp";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Certificate,
  checkRecipient,
  mergeCertificates,
  RecipientError,
  readKeyFile,
} from "../../../src/openpgp/index.js";
import { codeOf, concat } from "../../support/bytes.js";
import { bind, certify, direct, Flags, make, packetsOf, revoke, subkeyOf } from "../../support/certificates.js";
import { atLength } from "../../support/length.js";
import { mutated, randomBytes } from "../../support/mutations.js";
import { seeded, WITH_SEED } from "../../support/seed.js";
import { readManifest, readText } from "../../vectors/manifest.js";

const DATES = [0, 1_772_366_400_000, 2_208_988_800_000, 4_102_444_800_000].map((at) => new Date(at));
const RUNS = atLength(2_000, 10_000);

let samples: readonly Uint8Array[];
beforeAll(async () => {
  const files = readManifest().certificates.filter(({ code }) => code !== "unreadable" && code !== "secret_key");
  const keys = await Promise.all(files.map(({ file }) => readKey({ armoredKey: readText(file) })));
  const [main, other] = await Promise.all([make(new Date("2026-01-01")), make(new Date("2026-01-02"))]);
  const date = new Date("2026-02-01");
  const odd = packetsOf(
    main,
    await direct(main, { date, flags: [Flags.certify], keyLifetime: 1_000_000, features: [9] }),
    await certify(other, { date }, main),
    await revoke(main, { date: new Date("2030-01-01"), reason: enums.reasonForRevocation.keyRetired }),
    subkeyOf(other),
    await bind(main, other, { date, flags: [0, 4], lifetime: 2_000_000 }),
    await bind(main, other, { date, flags: [Flags.encrypt], keyLifetime: 9_000_000 }),
  );
  samples = [odd, ...keys.map((key) => key.write())];
});

/** Reads a file as the server does, and asks it everything. Only a refusal may come of it, here or for a date. */
async function judge(file: Uint8Array, faults = new Set<string>()): Promise<string> {
  try {
    const found = readKeyFile(file);
    if (found === null) return "nothing";
    for (const raw of mergeCertificates(found.certificates)) {
      const certificate = await Certificate.from(raw);
      for (const date of DATES) {
        certificate.periods(date);
        certificate.firstGap(date);
        const judged = certificate.judge(date);
        if ("fault" in judged) faults.add(judged.fault);
        if ("fault" in judged) continue;
        const recipient = checkRecipient(certificate, date);
        const [again] = mergeCertificates(readKeyFile(recipient.certificate.write())?.certificates ?? []);
        if (again === undefined) throw new Error("what is published is no certificate");
        const read = await Certificate.from(again);
        expect(read.write()).toEqual(recipient.certificate.write());
        expect(namesOf(read, date)).toBe(namesOf(certificate, date));
      }
    }
    return "read";
  } catch (cause) {
    if (cause instanceof RecipientError) return cause.code;
    throw cause;
  }
}

function namesOf(certificate: Certificate, date: Date): string {
  const judged = certificate.judge(date);
  return "fault" in judged ? judged.fault : judged.keys.map(({ fingerprint }) => fingerprint).join();
}

describe("a hostile file of certificates", () => {
  it(`is read or refused, whatever was changed in it ${WITH_SEED}`, { timeout: 600_000 }, async () => {
    const outcomes = new Set<string>();
    const changed = fc.constantFrom(...samples).chain((sample) => mutated([sample], 300));
    await fc.assert(
      fc.asyncProperty(changed, async (file) => {
        outcomes.add(await judge(file, outcomes));
      }),
      seeded(RUNS),
    );
    // The mutations reach the inner parts as well as the outer ones.
    for (const outcome of ["read", "unreadable", "unsupported", "no_self_signature", "no_encryption_key"]) {
      expect(outcomes).toContain(outcome);
    }
  });

  it(`is read or refused if it is armored, whatever was changed in it ${WITH_SEED}`, { timeout: 600_000 }, async () => {
    const outcomes = new Set<string>();
    const texts = samples.map((sample) => Buffer.from(armor(enums.armor.publicKey, sample)));
    const wide = texts.map((text) => Buffer.from(`\ufeff${text.toString()}`, "utf16le"));
    await fc.assert(
      fc.asyncProperty(mutated([...texts, ...wide, Buffer.concat(texts)], 1_000), async (file) => {
        outcomes.add(await judge(file));
      }),
      seeded(RUNS),
    );
    for (const outcome of ["read", "nothing", "unreadable"]) expect(outcomes).toContain(outcome);
  });

  it(`is read or refused if it is a ring of pieces in any order ${WITH_SEED}`, { timeout: 120_000 }, async () => {
    const pieces = fc.array(fc.constantFrom(...samples.flatMap(packets)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        await judge(concat(...parts));
      }),
      seeded(1_000),
    );
  });

  it(`is read or refused if it is random, or ours with random bytes behind ${WITH_SEED}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(new Uint8Array(0), ...samples), randomBytes, async (sample, bytes) => {
        await judge(concat(sample, bytes));
      }),
      seeded(1_000),
    );
  });

  it("costs no more than a few hundred signatures, and no stranger's are verified", async () => {
    const key = await make(new Date("2026-01-01"));
    const stranger = await make(new Date("2026-01-01"));
    const foreign = await certify(stranger, { date: new Date("2026-01-02") }, key);
    // Each is another packet: the date is not what was signed.
    const flood = Array.from({ length: 20_000 }, (_none, index) => numbered(foreign, index));
    expect(await judge(packetsOf(key, ...flood))).toBe("read");
    const own = await certify(key, { date: new Date("2026-01-02") });
    const false_ = Array.from({ length: 501 }, (_none, index) => numbered(own, index));
    expect(await codeOf(() => read(packetsOf(key, ...false_)))).toBe("too_large");
    expect(await judge(packetsOf(key, ...false_.slice(0, 400)))).toBe("read");
  });

  it("is refused with more parts than a certificate has", async () => {
    const key = await make(new Date("2026-01-01"));
    const users = Array.from({ length: 201 }, (_none, index) => Uint8Array.of(0xc0 | 13, 2, index >> 8, index & 0xff));
    expect(await codeOf(() => read(packetsOf(key, ...users)))).toBe("too_large");
  });

  it("is refused with a key that would take for ever to verify with", async () => {
    const bits = 60_000;
    const modulus = new Uint8Array(bits / 8).fill(0xff);
    const mpi = concat(Uint8Array.of(bits >> 8, bits & 0xff), modulus);
    const body = concat(Uint8Array.of(4, 0x60, 0, 0, 0, 1), mpi, mpi);
    const packet = concat(Uint8Array.of(0xc6, 0xff, 0, 0, body.length >> 8, body.length & 0xff), body);
    expect(await codeOf(() => read(packet))).toBe("unsupported");
  });
});

async function read(file: Uint8Array): Promise<void> {
  for (const raw of mergeCertificates(readKeyFile(file)?.certificates ?? [])) await Certificate.from(raw);
}

/** A signature packet with its last bytes changed, so that it is another one. */
function numbered(packet: Uint8Array, index: number): Uint8Array {
  const changed = packet.slice();
  changed[changed.length - 3] = index >> 16;
  changed[changed.length - 2] = (index >> 8) & 0xff;
  changed[changed.length - 1] = index & 0xff;
  return changed;
}

/** The packets of a certificate that openpgp.js wrote, with their headers. */
function packets(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const length = first < 192 ? first + 2 : ((first - 192) << 8) + (bytes[at + 2] ?? 0) + 192 + 3;
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}
