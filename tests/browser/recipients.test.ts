import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchRecipients, PrepareError, selfTest } from "../../src/browser/recipients.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";

let portal: TestPortal;
let ours: string;
beforeAll(async () => {
  portal = await startTestPortal();
  ours = portal.recipient.fingerprint;
});
afterAll(() => portal.stop());

const keys = () => `${portal.url}/keys.asc`;
const fault = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (cause: unknown) => (cause instanceof PrepareError ? cause.code : "another"),
  );

describe("the client's recipients", () => {
  it("are those that the page names, and are tried before anybody writes", async () => {
    const recipients = await fetchRecipients(keys(), [ours]);
    expect(recipients.map(({ fingerprint }) => fingerprint)).toEqual([ours]);
    await selfTest(recipients);
  });

  it.each([
    ["another", () => ["0".repeat(40)]],
    ["one more", () => [ours, "0".repeat(40)]],
    ["one fewer", () => []],
  ])("are refused when the page names %s", async (_what, named) => {
    expect(await fault(fetchRecipients(keys(), named()))).toBe("keys_changed");
  });

  it("are said to be out of reach when they are", async () => {
    expect(await fault(fetchRecipients(`${portal.url}/nothing`, [ours]))).toBe("keys_unreachable");
    expect(await fault(fetchRecipients("http://127.0.0.1:1/keys.asc", [ours]))).toBe("keys_unreachable");
  });

  it("are refused when they have expired", async () => {
    const old = await startTestPortal({ lifetime: 1 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await fault(fetchRecipients(`${old.url}/keys.asc`, [old.recipient.fingerprint]))).toBe("key_expired");
    } finally {
      await old.stop();
    }
  });

  it("fail the self-test when nothing can be encrypted to them", async () => {
    expect(await fault(selfTest([]))).toBe("self_test");
  });
});
