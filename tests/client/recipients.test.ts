import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrepareError, readRecipients, selfTest } from "../../src/client/recipients.js";
import { readCertificates } from "../../src/openpgp/index.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";

let portal: TestPortal;
let ours: readonly string[];
beforeAll(async () => {
  portal = await startTestPortal();
  ours = portal.recipient.certificate.fingerprints;
});
afterAll(() => portal.stop());

const keys = () => ({ url: `${portal.url}/keys.asc` });
const fault = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (cause: unknown) => (cause instanceof PrepareError ? cause.code : "another"),
  );

describe("the client's recipients", () => {
  it("are those that the page lists, and pass a self-test before anybody writes", async () => {
    const { recipients, clock } = await readRecipients(keys(), ours);
    expect(recipients.map(({ fingerprint }) => fingerprint)).toEqual([portal.recipient.fingerprint]);
    await selfTest(recipients, clock.now());
  });

  it("may come with the page itself", async () => {
    const armored = await (await fetch(keys().url)).text();
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
    expect(await fault(readRecipients(keys(), named()))).toBe("keys_changed");
  });

  it("are reported as unreachable", async () => {
    expect(await fault(readRecipients({ url: `${portal.url}/nothing` }, ours))).toBe("keys_unreachable");
    expect(await fault(readRecipients({ url: "http://127.0.0.1:1/keys.asc" }, ours))).toBe("keys_unreachable");
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
