import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayUseOffline, mayUseServer } from "../../src/client/choices.js";
import { laterTimes, SetClock, serverTime, timesToTry } from "../../src/client/clock.js";
import { FAILURE_CODES } from "../../src/client/messages.js";
import { askEarly } from "../../src/client/portal-answers.js";
import { checkPortal, PrepareError, readRecipients } from "../../src/client/recipients.js";
import type { Certificate } from "../../src/openpgp/index.js";
import { make } from "../support/certificates.js";
import { certificateIn } from "../support/keys.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.now();
const ago = (days: number) => NOW - days * DAY_MS;

describe("the times to judge certificates by", () => {
  const SIGNED = 1_000_000_000;
  const MINUTES = 60_000;
  it.each([
    ["the device's, where no server says", SIGNED + 5, null, [SIGNED + 5]],
    ["the device's first, where both agree", SIGNED + 9 * MINUTES, SIGNED, [SIGNED + 9 * MINUTES, SIGNED]],
    ["the device's first, up to ten minutes apart", SIGNED, SIGNED + 10 * MINUTES, [SIGNED, SIGNED + 10 * MINUTES]],
    ["the server's alone from then on", SIGNED, SIGNED + 10 * MINUTES + 1, [SIGNED + 10 * MINUTES + 1]],
    ["the server's alone, if the device is ahead", SIGNED + DAY_MS, SIGNED, [SIGNED]],
    ["never a server's that is behind the newest signature", SIGNED + DAY_MS, SIGNED - 1, [SIGNED + DAY_MS]],
  ])("are %s", (_which, here, there, times) => {
    expect(timesToTry({ here, there }, SIGNED)).toEqual(times);
  });

  it.each([
    ["the device's, if it is ahead by less than two months", 40 * DAY_MS, 0, [40 * DAY_MS]],
    ["none, if it is behind", 0, 40 * DAY_MS, []],
    ["none, if it is ahead by more", 70 * DAY_MS, 0, []],
    ["a day and a half later, where no key has begun", 0, null, [1.5 * DAY_MS]],
  ])("of two months are the later one: %s", (_which, here, chosen, times) => {
    expect(laterTimes({ here, there: chosen }, chosen)).toEqual(times);
  });

  it("count what a cache has held", () => {
    const date = "Sun, 01 Mar 2026 12:00:00 GMT";
    const at = Date.parse(date);
    const headers = (more: Record<string, string>) => new Headers({ Date: date, ...more });
    expect(serverTime(headers({}))).toBe(at);
    expect(serverTime(headers({ Age: "3600" }))).toBe(at + 3_600_000);
    for (const age of ["", "x", "-5"]) expect(serverTime(headers({ Age: age }))).toBe(at);
    expect(serverTime(new Headers())).toBeNull();
    expect(serverTime(new Headers({ Date: "yesterday" }))).toBeNull();
  });

  it("go on from where a clock was set, whatever happens to the device's", () => {
    const clock = new SetClock(5_000);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(5_000);
    expect(clock.now().getTime()).toBeLessThan(60_000);
  });
});

describe("a device whose clock is wrong", () => {
  let server: Server;
  let certificate: Certificate;
  let url: string;
  let there: Date | null;
  beforeAll(async () => {
    const { secret } = await make(new Date(ago(100)), { keyExpirationTime: (200 * DAY_MS) / 1000 });
    certificate = await certificateIn(secret.toPublic().write());
    server = createServer((_request, response) => {
      response.sendDate = false;
      if (there !== null) response.setHeader("Date", there.toUTCString());
      response.end(certificate.armor());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** What comes of it by the day that the device and the server say. */
  async function outcome(here: number, server: number | null): Promise<string> {
    there = server === null ? null : new Date(server);
    const now = Date.now;
    Date.now = () => here;
    try {
      const { keys } = await askEarly(url);
      if (keys === null) throw new Error("no keys");
      const { clock } = await readRecipients(keys, certificate.fingerprints);
      return `by ${Math.round((NOW - clock.now().getTime()) / DAY_MS) || 0} days ago`;
    } catch (cause) {
      if (cause instanceof PrepareError) return cause.code;
      throw cause;
    } finally {
      Date.now = now;
    }
  }

  it.each([
    ["right", NOW, NOW, "by 0 days ago"],
    ["in 1970", 0, NOW, "by 0 days ago"],
    ["before the certificate", ago(101), NOW, "by 0 days ago"],
    ["after its end", ago(-101), NOW, "by 0 days ago"],
    ["right, and the server after the certificate's end", NOW, ago(-101), "clock"],
    ["right, and the server in 1970", NOW, 0, "by 0 days ago"],
    ["right, and the server silent", NOW, null, "by 0 days ago"],
    ["after its end, and the server silent", ago(-101), null, "key_expired"],
    ["in 1970, and the server silent", 0, null, "key_expired"],
    ["after its end, and the server too", ago(-101), ago(-101), "key_expired"],
    ["a year after its end, and the server a day after", ago(-500), ago(-101), "key_expired"],
  ])("%s: judged by the right one, or told", async (_what, here, server, expected) => {
    expect(await outcome(here, server)).toBe(expected);
  });
});

describe("certificates that come without a time", () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await startTestPortal({ lifetime: (100 * DAY_MS) / 1000 });
  });
  afterAll(() => portal.stop());

  const outcome = async (here: number, asked: Promise<number | null> | null) => {
    const { certificate } = portal.recipient;
    const now = Date.now;
    Date.now = () => here;
    try {
      await readRecipients({ armored: certificate.armor(), there: null }, certificate.fingerprints, { asked });
      return "ready";
    } catch (cause) {
      return cause instanceof PrepareError ? cause.code : "another";
    } finally {
      Date.now = now;
    }
  };

  it.each([
    ["in 1970", 0],
    ["after their end", ago(-101)],
    ["right", NOW],
  ])("are judged by that of the portal, whose endpoint is asked: a device's clock %s", async (_which, here) => {
    expect(await outcome(here, checkPortal(`${portal.url}/uploads`))).toBe("ready");
  });

  it("are judged by the device's where nobody answers, and not used where a copy does", async () => {
    const nobody = "http://127.0.0.1:1/uploads";
    expect(await outcome(Date.now(), checkPortal(nobody))).toBe("ready");
    expect(await outcome(0, checkPortal(nobody))).toBe("key_expired");
    expect(await outcome(Date.now(), checkPortal(`${portal.url}/nothing`))).toBe("no_portal");
  });
});

describe("the choices after a failure", () => {
  it("never lead to a weaker way because of keys, clocks or the line's security", () => {
    const weaker = FAILURE_CODES.filter(mayUseServer);
    expect(weaker).toEqual(["too_old", "keys_unreachable", "self_test", "internal"]);
    expect(FAILURE_CODES.filter(mayUseOffline)).toEqual([
      "too_old",
      "no_portal",
      "keys_unreachable",
      "self_test",
      "internal",
    ]);
  });
});
