import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readKey, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createMonthlyKey,
  endOfUse,
  extendMonthlyKey,
  type Month,
  type MonthlyKey,
  monthAfter,
  parseMonth,
  startOfMonth,
  unwrapMonth,
  wrapMonth,
} from "../../src/months/index.js";
import { checkRecipient } from "../../src/openpgp/index.js";
import { failureOf } from "../support/bytes.js";
import { GnuPg, run } from "../support/gpg.js";
import { certificateIn } from "../support/keys.js";
import { removeFolder } from "../support/temporary.js";
import { requireTools } from "../support/tools.js";

const PASSPHRASE = "correct horse";
const NOW = new Date("2025-03-26T10:00:00Z");
const LINE = "0123-4567-89ab-cdef-0123-4567-89ab-cdef";
const SECOND = 1000;

let key: MonthlyKey;
/** The month of each subkey, by fingerprint. */
let months: ReadonlyMap<string, Month>;
beforeAll(async () => {
  key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: PASSPHRASE, count: 24, now: NOW });
  months = new Map(key.months.map(({ fingerprint, month }) => [fingerprint, month]));
});

describe("a month", () => {
  it.each(["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "", "0000-01"])("is not %j", (text) => {
    expect(() => parseMonth(text)).toThrow();
  });

  it.each([
    ["2026-12", 1, "2027-01"],
    ["2026-01", -1, "2025-12"],
    ["2026-11", 24, "2028-11"],
  ])("%s and %i is %s", (month, count, expected) => {
    expect(monthAfter(parseMonth(month), count)).toBe(expected);
  });

  it("may be encrypted to for two weeks after its end", () => {
    expect(endOfUse(parseMonth("2028-02")).toISOString()).toBe("2028-03-15T00:00:00.000Z");
  });
});

describe("a certificate with a subkey for each month", () => {
  it("has so many, of version 4, with no secret in it, and fits in 8 KiB", async () => {
    const certificate = await readKey({ armoredKey: key.certificate });
    expect(certificate).toMatchObject({ keyPacket: { version: 4 } });
    expect(certificate.isPrivate()).toBe(false);
    expect([...months.values()]).toEqual(
      Array.from({ length: 24 }, (_, index) => monthAfter(parseMonth("2025-03"), index)),
    );
    expect(certificate.subkeys).toHaveLength(24);
    expect(key.certificate.length).toBeLessThan(8 * 1024);
  });

  it("is encrypted to by the subkey of the month, to the second at each border", async () => {
    const recipient = checkRecipient(await certificateIn(key.certificate), NOW);
    const chosen = (date: Date) => {
      const judged = recipient.certificate.judge(date);
      return "fault" in judged ? judged.fault : judged.keys.map(({ fingerprint }) => months.get(fingerprint)).join();
    };
    for (let index = 1; index < 24; index += 1) {
      const month = monthAfter(parseMonth("2025-03"), index);
      const start = startOfMonth(month).getTime();
      expect(chosen(new Date(start - 1))).toBe(monthAfter(month, -1));
      expect(chosen(new Date(start))).toBe(month);
      expect(chosen(new Date(start + SECOND))).toBe(month);
    }
    const end = endOfUse(parseMonth("2027-02")).getTime();
    expect(chosen(new Date(end - 1))).toBe("2027-02");
    expect(chosen(new Date(end))).toBe("expired");
    // A clock that is set back makes no key better: what has ended stays so.
    expect(chosen(new Date(NOW.getTime() - 60 * SECOND))).toBe("not_yet_valid");
  });

  it("is extended by later months under the same fingerprint, which need the primary key and its passphrase", async () => {
    const given = { certificate: key.certificate, primaryKey: key.primaryKey, passphrase: PASSPHRASE, count: 3 };
    const later = new Date("2025-06-10T00:00:00Z");
    const extended = await extendMonthlyKey({ ...given, now: later });
    expect(extended.months.map(({ month }) => month)).toEqual(["2027-03", "2027-04", "2027-05"]);
    const recipient = checkRecipient(await certificateIn(extended.certificate), later);
    expect(recipient.fingerprint).toBe(key.fingerprint);
    expect(recipient.expires).toEqual(endOfUse(parseMonth("2027-05")));
    const [first] = extended.months;
    const judged = recipient.certificate.judge(new Date("2027-03-01T00:00:00Z"));
    expect("fault" in judged ? [] : judged.keys.map(({ fingerprint }) => fingerprint)).toEqual([first?.fingerprint]);
    const afterTheEnd = await extendMonthlyKey({ ...given, now: new Date("2030-05-05T00:00:00Z") });
    expect(afterTheEnd.months.map(({ month }) => month)).toEqual(["2030-05", "2030-06", "2030-07"]);
    expect(await failureOf(() => extendMonthlyKey({ ...given, passphrase: "wrong", now: later }))).toMatchObject({
      code: "locked",
    });
    const other = await createMonthlyKey({ userId: { name: "Other" }, passphrase: PASSPHRASE, count: 1, now: NOW });
    const foreign = { ...given, certificate: other.certificate, now: later };
    expect(await failureOf(() => extendMonthlyKey(foreign))).toMatchObject({ code: "other_key" });
  });
});

describe("the secret of a month", () => {
  it("holds that month's subkey, locked, and nothing secret of the primary key or of another month", async () => {
    for (const { secretKey, fingerprint } of key.months) {
      const read = await readPrivateKey({ armoredKey: secretKey });
      expect(read.subkeys.map(({ keyPacket }) => keyPacket.getFingerprint().toUpperCase())).toEqual([fingerprint]);
      expect(read.getFingerprint().toUpperCase()).toBe(key.fingerprint);
      expect(read.keyPacket).toMatchObject({ privateParams: null });
      expect("isDummy" in read.keyPacket && read.keyPacket.isDummy()).toBe(true);
      expect(read.isDecrypted()).toBe(false);
    }
  });

  it("comes out of its wrapping with the line that went in, and with no other", async () => {
    const [{ secretKey = "" } = {}] = key.months;
    const wrapped = await wrapMonth(secretKey, LINE);
    expect(await unwrapMonth(wrapped, LINE)).toBe(secretKey);
    expect(await failureOf(() => unwrapMonth(wrapped, LINE.replace("0", "1")))).toMatchObject({
      code: "wrong_key_file",
    });
    expect(await failureOf(() => unwrapMonth(wrapped.subarray(0, 9), LINE))).toMatchObject({
      code: expect.any(String),
    });
    expect(await failureOf(() => unwrapMonth(new TextEncoder().encode(secretKey), LINE))).toMatchObject({
      code: "damaged",
    });
  });
});

describe.runIf(requireTools("months in GnuPG", "gpg"))("GnuPG", () => {
  let sender: GnuPg;
  let folder: string;
  const at = (date: Date) => ["--faked-system-time", `${date.toISOString().slice(0, 19).replace(/[-:]/g, "")}!`];
  const encryptedAt = (date: Date) =>
    sender.encrypt(Buffer.from("Здравствуйте"), [key.fingerprint], [...at(date), "--throw-keyids"]);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-months-"));
    sender = await GnuPg.create();
    await sender.importKeys(key.certificate);
  });
  afterAll(async () => {
    await sender.close();
    await removeFolder(folder);
  });

  it("chooses the subkey of the month as we do, and imports one month's secret, which opens that month alone", async () => {
    const reader = await GnuPg.create();
    try {
      const use = ["--passphrase", PASSPHRASE];
      const july = key.months.find(({ month }) => month === "2025-07");
      await writeFile(join(folder, "key-file"), `${LINE}\n`);
      await writeFile(join(folder, "july.month"), await wrapMonth(july?.secretKey ?? "", LINE));
      const unwrap = ["--passphrase-file", join(folder, "key-file"), "--decrypt", join(folder, "july.month")];
      await reader.gpg([...use, "--import"], await reader.gpg(unwrap));
      for (const date of ["2025-07-01T00:00:00Z", "2025-07-15T12:00:00Z", "2025-07-31T23:59:59Z"]) {
        expect((await reader.decrypt(await encryptedAt(new Date(date)), use)).toString()).toBe("Здравствуйте");
      }
      for (const date of ["2025-06-30T23:59:59Z", "2025-08-01T00:00:00Z"]) {
        const { code } = await reader.tryGpg([...use, "--decrypt"], await encryptedAt(new Date(date)));
        expect(code).not.toBe(0);
      }
    } finally {
      await reader.close();
    }
  });

  it("refuses to encrypt once the last month is over", async () => {
    const args = [
      "--trust-model",
      "always",
      ...at(new Date(endOfUse(parseMonth("2027-02")).getTime() + 1000)),
      "-r",
      key.fingerprint,
      "--encrypt",
    ];
    expect((await sender.tryGpg(args, Buffer.from("x"))).code).not.toBe(0);
  });

  it.runIf(requireTools("months in Sequoia", "sq"))(
    "and Sequoia opens what was encrypted to a month, with that month's secret",
    async () => {
      const september = key.months.find(({ month }) => month === "2025-09");
      const locked = await readPrivateKey({ armoredKey: september?.secretKey ?? "" });
      for (const { keyPacket } of locked.subkeys) {
        await (keyPacket as unknown as { decrypt(passphrase: string): Promise<void> }).decrypt(PASSPHRASE);
      }
      await writeFile(join(folder, "september.asc"), locked.armor());
      const message = await encryptedAt(new Date("2025-09-10T00:00:00Z"));
      const opened = await run("sq", ["decrypt", "--recipient-key", join(folder, "september.asc")], { input: message });
      expect(opened).toMatchObject({ code: 0 });
      expect(opened.stdout.toString()).toBe("Здравствуйте");
      await writeFile(join(folder, "certificate.asc"), key.certificate);
      expect((await run("sq", ["inspect", join(folder, "certificate.asc")])).stdout.toString()).toContain(
        key.fingerprint,
      );
    },
  );
});
