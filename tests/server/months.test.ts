import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMonthlyKey, endOfUse, type MonthlyKey, parseMonth, startOfMonth } from "../../src/desk/months/index.js";
import { monthsLeft } from "../../src/openpgp/index.js";
import { loadRecipients, type Recipients } from "../../src/server/index.js";
import { removeFolder } from "../support/temporary.js";

const MADE = new Date("2025-03-26T10:00:00Z");
const at = (month: string) => startOfMonth(parseMonth(month));

let folder: string;
let key: MonthlyKey;
let recipients: Recipients;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-server-months-"));
  key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: "x", count: 24, now: MADE });
  await writeFile(join(folder, "appeals.asc"), key.certificate);
  recipients = await loadRecipients(folder, MADE);
});
afterAll(() => removeFolder(folder));

describe("a certificate with a key for each month, in the server's folder", () => {
  it.each([
    ["2025-04", 23],
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
