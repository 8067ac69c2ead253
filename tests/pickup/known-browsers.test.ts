import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Account, createAccount } from "../../src/pickup/account.js";
import { KnownBrowsers } from "../../src/pickup/known-browsers.js";
import { StaffFolder } from "../../src/pickup/ledger/index.js";
import { Clock } from "../support/pickup.js";
import { removeFolder } from "../support/temporary.js";

const DAY_S = 24 * 60 * 60;

let path: string;
let clock: Clock;
let olha: Account;
let browsers: KnownBrowsers;
const open = async () => new KnownBrowsers(await StaffFolder.open(path), clock.now);
const keys = async () =>
  (JSON.parse(await readFile(join(path, "browsers.json"), "utf8")) as { keys: { since: string }[] }).keys;

beforeAll(async () => {
  olha = await createAccount("olha", "courier", "correct horse battery");
});
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "postern-browsers-")), "staff");
  clock = new Clock(new Date("2026-11-23T12:00:00Z"));
  browsers = await open();
});
afterEach(() => removeFolder(join(path, "..")));

describe("a browser that has signed in", () => {
  it("is known by its token, to other processes too, and to this account only", async () => {
    const token = await browsers.issue(olha, null);
    expect(await browsers.knows(olha, token)).toBe(true);
    expect(await (await open()).knows(olha, token)).toBe(true);
    const again = await createAccount("olha", "courier", "correct horse battery");
    expect(await browsers.knows(again, token)).toBe(false);
  });

  it.each(["", ".", "x", "x.y", `${"0".repeat(32)}.${"0".repeat(64)}`])("is not known by %j", async (token) => {
    await browsers.issue(olha, null);
    expect(await browsers.knows(olha, token)).toBe(false);
    expect(await browsers.knows(olha, `${await browsers.issue(olha, null)}${token}`)).toBe(token === "");
  });

  it("keeps its id when it signs in again", async () => {
    const token = await browsers.issue(olha, null);
    expect(await browsers.issue(olha, token)).toBe(token);
    expect(await browsers.issue(olha, null)).not.toBe(token);
  });
});

describe("the keys that sign tokens", () => {
  it("are in a file for the owner only", async () => {
    await browsers.issue(olha, null);
    expect((await stat(join(path, "browsers.json"))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a day before a key is half a year old", 179, 1],
    ["then", 180, 2],
  ])("are rotated after half a year: %s", async (_when, days, count) => {
    await browsers.issue(olha, null);
    clock.pass(days * DAY_S);
    await browsers.issue(olha, null);
    expect(await keys()).toHaveLength(count);
  });

  it("stay until their last token is a year old, and are then deleted", async () => {
    const first = await browsers.issue(olha, null);
    clock.pass(179 * DAY_S);
    const last = await browsers.issue(olha, null);
    expect(await keys()).toHaveLength(1);
    clock.pass(365 * DAY_S);
    expect(await browsers.knows(olha, last)).toBe(true);
    expect(await browsers.knows(olha, first)).toBe(true);
    clock.pass(2 * DAY_S);
    expect(await browsers.knows(olha, last)).toBe(false);
    await browsers.issue(olha, null);
    expect(await keys()).toHaveLength(1);
  });

  it("are made once by processes that begin together", async () => {
    const all = await Promise.all([open(), open(), open()]);
    const tokens = await Promise.all(all.map((each) => each.issue(olha, null)));
    expect(await keys()).toHaveLength(1);
    for (const token of tokens) expect(await browsers.knows(olha, token)).toBe(true);
  });

  it.each(["", "{", "null", '{"version":1,"keys":[{"secret":"","since":"2026-11-23"}]}'])(
    "are made anew when the file is damaged, and no browser is known then: %j",
    async (text) => {
      const token = await browsers.issue(olha, null);
      await writeFile(join(path, "browsers.json"), text);
      expect(await browsers.knows(olha, token)).toBe(false);
      const renewed = await browsers.issue(olha, null);
      expect(await browsers.knows(olha, renewed)).toBe(true);
    },
  );
});
