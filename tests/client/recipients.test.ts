import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askEarly } from "../../src/client/portal-answers.js";
import { PrepareError, readRecipients, selfTest } from "../../src/client/recipients.js";
import { readCertificates } from "../../src/openpgp/index.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { tamperingLine } from "../support/tampering-line.js";

let portal: TestPortal;
let ours: readonly string[];
beforeAll(async () => {
  portal = await startTestPortal();
  ours = portal.recipient.certificate.fingerprints;
});
afterAll(() => portal.stop());

const keysAt = async (url: string) => (await askEarly(url)).keys;
const keys = async () => (await keysAt(portal.url)) ?? { armored: "", there: null };
const fault = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (cause: unknown) => (cause instanceof PrepareError ? cause.code : "another"),
  );

describe("the client's recipients", () => {
  it("are those that the page lists, and pass a self-test before anybody writes", async () => {
    const { recipients, clock } = await readRecipients(await keys(), ours);
    expect(recipients.map(({ fingerprint }) => fingerprint)).toEqual([portal.recipient.fingerprint]);
    await selfTest(recipients, clock.now());
  });

  it("may come with the page itself", async () => {
    const { armored } = await keys();
    const { recipients } = await readRecipients({ armored, there: null }, ours);
    expect(recipients.map(({ fingerprint }) => fingerprint)).toEqual([portal.recipient.fingerprint]);
  });

  it.each([
    ["another", () => ["0".repeat(40)]],
    ["one more", () => [...ours, "0".repeat(40)]],
    ["one fewer", () => []],
    ["no subkey", () => ours.slice(0, 1)],
    ["another subkey", () => [...ours.slice(0, 1), "0".repeat(40)]],
    ["the subkey alone", () => ours.slice(1)],
  ])("are refused when the page lists %s", async (_what, named) => {
    expect(await fault(readRecipients(await keys(), named()))).toBe("keys_changed");
  });

  it.each([
    ["are none", 404, ""],
    ["is a page of the network's own", 200, "<!doctype html><title>Wi-Fi</title>"],
  ])("are not taken early where there %s", async (_which, status, body) => {
    const line = await tamperingLine(portal.url, () => ({ status, body }));
    expect(await keysAt(line.url)).toBeNull();
    await line.close();
  });

  it("are not taken early where nobody answers", async () => {
    expect(await keysAt("http://127.0.0.1:1")).toBeNull();
  });

  it("are refused when they have expired", async () => {
    const armored = await readFile(new URL("../vectors/certificates/expired.asc", import.meta.url), "utf8");
    const [certificate] = await readCertificates(armored);
    expect(await fault(readRecipients({ armored, there: null }, certificate?.fingerprints ?? []))).toBe("key_expired");
  });

  it("fail the self-test when nothing can be encrypted to them", async () => {
    expect(await fault(selfTest([], new Date()))).toBe("self_test");
  });
});
