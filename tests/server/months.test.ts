import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decrypt, decryptKey, readMessage, readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMonthlyKey, endOfUse, type MonthlyKey, parseMonth, startOfMonth } from "../../src/months/index.js";
import { monthsLeft, readCertificates } from "../../src/openpgp/index.js";
import { PublishedKeys } from "../../src/server/published-keys.js";
import { loadRecipients, type Recipients } from "../../src/server/recipients/index.js";
import { collect } from "../support/bytes.js";
import { keyPiecesIn } from "../support/key-paths.js";
import { formOf, startTestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

const MADE = new Date("2025-11-26T10:00:00Z");
const at = (month: string) => startOfMonth(parseMonth(month));

let folder: string;
let key: MonthlyKey;
let recipients: Recipients;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-server-months-"));
  key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: "x", count: 16, now: MADE });
  await writeFile(join(folder, "appeals.asc"), key.certificate);
  recipients = await loadRecipients(folder, MADE);
});
afterAll(() => removeFolder(folder));

describe("a certificate with a key for each month, in the server's folder", () => {
  it.each([
    ["2025-12", 15],
    ["2026-11", 4],
    ["2026-12", 3],
    ["2027-02", 1],
    ["2027-03", 1],
    ["2027-04", 0],
  ])("has at the beginning of %s %i months left", (month, left) => {
    expect(recipients.monthsLeft(at(month))).toEqual({ [key.fingerprint]: left });
    const [recipient] = recipients.all;
    expect(recipient && monthsLeft(recipient, at(month))).toBe(left);
  });

  it("is warned of once three months are left, and refused when all are over", () => {
    expect(recipients.warnings(at("2026-11"))).toEqual([]);
    expect(recipients.warnings(at("2026-12"))).toEqual([
      expect.stringContaining("has keys for 3 months, this one included"),
    ]);
    expect(recipients.at(new Date(endOfUse(parseMonth("2027-02")).getTime() - 1))).toHaveLength(1);
    expect(() => recipients.at(endOfUse(parseMonth("2027-02")))).toThrow();
  });
});

describe("what the portal publishes of such a certificate", () => {
  it("is this month's key and three later ones, under the same fingerprint, and changes only with the month", async () => {
    let now = new Date("2025-12-31T23:59:59Z");
    const published = new PublishedKeys(recipients, () => now);
    const months = () => {
      const { certificates, fingerprints, armored } = published.current;
      expect(certificates.map(({ fingerprint }) => fingerprint)).toEqual([key.fingerprint]);
      expect(armored.length).toBeLessThan(1_500);
      return key.months.filter(({ fingerprint }) => fingerprints.includes(fingerprint)).map(({ month }) => month);
    };
    expect(months()).toEqual(["2025-12", "2026-01", "2026-02", "2026-03"]);
    const before = published.current;
    let made = 0;
    const derived = published.derive(({ fingerprints }) => {
      made += 1;
      return fingerprints.length;
    });
    expect(derived()).toBe(5);
    now = new Date("2026-01-01T00:00:00Z");
    expect(months()).toEqual(["2026-01", "2026-02", "2026-03", "2026-04"]);
    now = new Date("2026-01-31T23:59:59Z");
    expect(published.current).not.toBe(before);
    expect([derived(), derived(), made]).toEqual([5, 5, 2]);
    now = at("2027-02");
    expect(months()).toEqual(["2027-02"]);
    now = endOfUse(parseMonth("2027-03"));
    expect(published.current.certificates).toHaveLength(1);
  });

  it("is what pages, offline form, keys.asc and keys.json name, over the border of a month without a restart", async () => {
    let now = new Date("2026-01-31T23:59:59Z");
    const portal = await startTestPortal({ recipients, now: () => now });
    const get = async (path: string) => (await fetch(`${portal.url}${path}`)).text();
    const named = (text: string) =>
      key.months.filter(({ fingerprint }) => text.includes(fingerprint)).map(({ month }) => month);
    try {
      const january = ["2026-01", "2026-02", "2026-03", "2026-04"];
      const february = ["2026-02", "2026-03", "2026-04", "2026-05"];
      const opened = await get("/ru/");
      expect(named(opened)).toEqual(january);
      expect(named(await get("/keys.json"))).toEqual(january);
      now = at("2026-02");
      for (const path of ["/ru/", "/ru/replies", "/offline/ru.html", "/keys.json"])
        expect(named(await get(path)), path).toEqual(february);
      const [certificate] = await readCertificates(await get("/keys.asc"));
      expect(certificate?.fingerprints.slice(1)).toEqual(
        key.months.filter(({ month }) => february.includes(month)).map(({ fingerprint }) => fingerprint),
      );
      // A page that was opened before the border still finds what it loads.
      for (const path of [...keyPiecesIn(opened), ...keyPiecesIn(await get("/ru/"))]) {
        expect((await fetch(`${portal.url}${path}`)).status, path).toBe(200);
      }
    } finally {
      await portal.stop();
    }
  });

  it("is never an earlier month's again, when the clock goes back or was behind at the start", async () => {
    let now = at("2026-02");
    const named = async (portal: { readonly url: string }) => {
      const text = await (await fetch(`${portal.url}/keys.json`)).text();
      return key.months.filter(({ fingerprint }) => text.includes(fingerprint)).map(({ month }) => month);
    };
    const february = ["2026-02", "2026-03", "2026-04", "2026-05"];
    const running = await startTestPortal({ recipients, now: () => now });
    try {
      expect(await named(running)).toEqual(february);
      now = at("2025-12");
      expect(await named(running)).toEqual(february);
      const started = await startTestPortal({ recipients, now: () => now, newestDay: "2026-02-03" });
      try {
        expect(await named(started)).toEqual(february);
        const { warnings } = (await (await fetch(`${started.url}/healthz`)).json()) as { warnings: string[] };
        expect(warnings).toContainEqual(expect.stringContaining("later day than this machine's clock shows"));
        now = at("2026-03");
        expect(await named(started)).toEqual(["2026-03", "2026-04", "2026-05", "2026-06"]);
      } finally {
        await started.stop();
      }
    } finally {
      await running.stop();
    }
  });

  it("is what letters without JavaScript are encrypted to then, so that a burnt month's key is not needed", async () => {
    const portal = await startTestPortal({ recipients, now: () => at("2025-12"), newestDay: "2026-02-03" });
    try {
      const sent = await fetch(`${portal.url}/ru/submit`, {
        method: "POST",
        body: formOf({ message: "Здравствуйте" }),
      });
      expect(sent.status).toBe(200);
      const letters: Uint8Array[] = [];
      for await (const { id } of portal.store.list()) letters.push(await collect(await portal.store.get(id)));
      expect(letters).toHaveLength(1);
      const opens = async (month: string) => {
        const secret = key.months.find((each) => each.month === month)?.secretKey ?? "";
        const privateKey = await readPrivateKey({ armoredKey: secret });
        const decryptionKeys = await decryptKey({ privateKey, passphrase: "x" });
        const message = await readMessage({ binaryMessage: letters[0] ?? new Uint8Array() });
        return decrypt({ message, decryptionKeys, format: "binary", date: at("2026-02") }).then(
          () => true,
          () => false,
        );
      };
      expect([await opens("2025-12"), await opens("2026-02")]).toEqual([false, true]);
    } finally {
      await portal.stop();
    }
  });
});
