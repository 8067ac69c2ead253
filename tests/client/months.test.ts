import { afterEach, describe, expect, it, vi } from "vitest";
import { forSaving, readRecipients } from "../../src/client/recipients.js";
import { DAY_MS } from "../../src/core/index.js";
import { createMonthlyKey, endOfUse, parseMonth, startOfMonth } from "../../src/months/index.js";
import { judgeRecipient } from "../../src/openpgp/index.js";
import { make } from "../support/certificates.js";
import { certificateIn } from "../support/keys.js";

const MADE = new Date("2025-03-26T10:00:00Z");
const key = await createMonthlyKey({ userId: { name: "Appeals" }, passphrase: "x", count: 24, now: MADE });
const whole = await certificateIn(key.certificate);
const start = (month: string) => startOfMonth(parseMonth(month)).getTime();

/** The month that a client chooses, which got its keys when the server's clock said `made`. */
async function choose(made: number, here: number, after = 0): Promise<string> {
  vi.useFakeTimers({ now: here, toFake: ["Date"] });
  const near = whole.near(new Date(made));
  const outcome = await readRecipients({ armored: near.armor(), there: null }, near.fingerprints).catch(
    (cause: unknown) => cause,
  );
  if (!(typeof outcome === "object" && outcome !== null && "clock" in outcome)) {
    return (outcome as { code: string }).code;
  }
  const { recipients, clock } = outcome as Awaited<ReturnType<typeof readRecipients>>;
  vi.setSystemTime(here + after);
  const [recipient] = recipients;
  const judged = recipient === undefined ? null : judgeRecipient(recipient, clock.now());
  if (judged === null || "fault" in judged) return judged?.fault ?? "none";
  return key.months.find(({ fingerprint }) => fingerprint === judged.keys[0].fingerprint)?.month ?? "?";
}

/** The month that an offline form of the day `made` encrypts to, and until when it says that the file can be opened. */
async function save(made: number, here: number): Promise<{ month: string; until: number | null }> {
  vi.useFakeTimers({ now: here, toFake: ["Date"] });
  const near = whole.near(new Date(made));
  try {
    const prepared = await readRecipients({ armored: near.armor(), there: null }, near.fingerprints, { offline: true });
    const { recipients, clock, until } = forSaving(prepared);
    const [recipient] = recipients;
    const judged = recipient === undefined ? null : judgeRecipient(recipient, clock.now());
    if (judged === null || "fault" in judged) return { month: judged?.fault ?? "none", until };
    const month = key.months.find(({ fingerprint }) => fingerprint === judged.keys[0].fingerprint)?.month ?? "?";
    return { month, until };
  } catch (cause) {
    return { month: (cause as { code: string }).code, until: null };
  }
}

describe("an offline form, whose file may wait and whose clock nobody checks", () => {
  afterEach(() => vi.useRealTimers());
  const made = start("2025-10") + 10 * DAY_MS;
  const last = { month: "2026-01", until: endOfUse(parseMonth("2026-01")).getTime() };

  it.each([
    ["right", 0],
    ["a day behind", -DAY_MS],
    ["a month behind", -31 * DAY_MS],
    ["in 1970", -made],
    ["a month ahead", 31 * DAY_MS],
    ["three months ahead, or the form is as old", 92 * DAY_MS],
    ["at the last moment of its last month's two weeks", last.until - made - 1],
  ])(
    "encrypts to the last month that it has when the clock is %s, and says until when it can be opened",
    async (...[, off]) => {
      expect(await save(made, made + off)).toEqual(last);
    },
  );

  it("says that it is too old from then on", async () => {
    expect(await save(made, last.until)).toEqual({ month: "key_expired", until: null });
    expect(await save(made, last.until + 400 * DAY_MS)).toEqual({ month: "key_expired", until: null });
  });

  it("never takes a month that may be burnt while the form lives, at each border, whatever the clock says", async () => {
    for (const real of ["2025-10", "2025-11", "2025-12", "2026-01"].flatMap((month) => [
      start(month),
      start(month) - 1,
    ])) {
      if (real < made) continue;
      for (const off of [-3650, -60, -16, -15, -14, -1, 0, 1, 14, 31]) {
        const { month } = await save(made, real + off * DAY_MS);
        if (month === "key_expired") continue;
        expect(endOfUse(parseMonth(month)).getTime(), `${off} days off`).toBeGreaterThan(real);
      }
    }
  });

  it.each([
    ["in three days", 3, 3],
    ["within the month after", 40, 40],
    ["after all months", 300, null],
  ])("promises no more than a second certificate does that ends %s", async (_which, days, promised) => {
    const lifetime = (days * DAY_MS) / 1000;
    const { secret } = await make(new Date(made), { keyExpirationTime: lifetime });
    const other = await certificateIn(secret.toPublic().write());
    vi.useFakeTimers({ now: made + 1_000, toFake: ["Date"] });
    const near = whole.near(new Date(made));
    const keys = { armored: [near, other].map((each) => each.armor()).join("\n"), there: null };
    const read = () => readRecipients(keys, [...near.fingerprints, ...other.fingerprints], { offline: true });
    const { until } = forSaving(await read());
    if (promised === null) return expect(until).toBe(last.until);
    expect(until).toBeLessThanOrEqual(made + promised * DAY_MS);
    vi.setSystemTime((until ?? 0) - 1_000);
    await expect(read()).resolves.toBeDefined();
  });

  it("says no such day for a certificate without a key for each month", async () => {
    const { privateKey } = await import("openpgp").then(({ generateKey }) =>
      generateKey({ userIDs: [{ name: "x" }], type: "curve25519", date: new Date(made), format: "object" }),
    );
    const certificate = await certificateIn(privateKey.toPublic().armor());
    vi.useFakeTimers({ now: made + 1_000, toFake: ["Date"] });
    const keys = { armored: certificate.armor(), there: null };
    expect(forSaving(await readRecipients(keys, certificate.fingerprints, { offline: true })).until).toBeNull();
  });
});

describe("a client that has only its own clock, with keys for each month", () => {
  afterEach(() => vi.useRealTimers());
  const october = start("2025-10");

  it.each([
    ["now", 0, "2025-10"],
    ["a minute ago", -60_000, "2025-10"],
    ["a day ago", -DAY_MS, "2025-10"],
    ["three days ago: it is told", -3 * DAY_MS, "key_expired"],
    ["a month ago: it is told", -30 * DAY_MS, "key_expired"],
    ["tomorrow", DAY_MS, "2025-10"],
    ["in a month", 31 * DAY_MS, "2025-11"],
    ["in three months", 92 * DAY_MS, "2026-01"],
    ["in four months, in the two weeks after", 125 * DAY_MS, "2026-01"],
    ["in five months: it is told", 150 * DAY_MS, "key_expired"],
  ])("and whose clock says %s, when the month begins, takes no month that is over", async (_when, off, month) => {
    expect(await choose(october, october + off)).toBe(month);
  });

  it("goes over the border of a month with a page that is left open, also while the device sleeps", async () => {
    const soon = start("2025-11") - 5 * 60_000;
    expect(await choose(october, soon, 0)).toBe("2025-10");
    expect(await choose(october, soon, 10 * 60_000)).toBe("2025-11");
    expect(await choose(october, soon, 40 * DAY_MS)).toBe("2025-12");
  });

  it("uses an offline form of three months ago, and says when it is too old", async () => {
    const made = october + 10 * DAY_MS;
    expect(await choose(made, start("2026-01") + 5 * DAY_MS)).toBe("2026-01");
    expect(await choose(made, start("2026-02") + 13 * DAY_MS)).toBe("2026-01");
    expect(await choose(made, start("2026-02") + 14 * DAY_MS)).toBe("key_expired");
  });
});
