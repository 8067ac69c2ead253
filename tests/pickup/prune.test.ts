import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prunable, prune } from "../../src/pickup/index.js";
import { startTestPickup, type TestPickup } from "../support/pickup.js";

const sha256 = createHash("sha256").update("x").digest("hex");

let pickup: TestPickup;
beforeEach(async () => {
  pickup = await startTestPickup();
});
afterEach(() => pickup.stop());

/** A submission collected and opened on these days. */
async function submission(collected: string | null, opened: string | null): Promise<string> {
  const { id } = await pickup.put("x");
  if (collected !== null) await pickup.ledger.add([{ kind: "collected", id, sha256, by: "olha", day: collected }]);
  if (opened !== null) await pickup.ledger.add([{ kind: "opened", id, sha256, day: opened }]);
  return id;
}

describe("retention", () => {
  it("deletes submissions acknowledged long enough ago, and no others, however old", async () => {
    await submission(null, null);
    await submission("2020-01-01", null);
    await submission("2020-01-01", "2026-10-24");
    const gone = [await submission("2020-01-01", "2026-10-23"), await submission(null, "2026-09-01")];
    const now = pickup.clock.now();
    expect((await prunable(pickup.store, pickup.ledger, 30, now)).map(({ id }) => id).sort()).toEqual(gone.sort());
    const { submissions } = await prune(pickup.store, pickup.store.mailboxes, pickup.ledger, 30, now);
    expect(submissions.map(({ id }) => id).sort()).toEqual(gone.sort());
    const left: string[] = [];
    for await (const { id } of pickup.store.list()) left.push(id);
    expect(left).toHaveLength(3);
    for (const id of gone) expect(left).not.toContain(id);
    expect((await prune(pickup.store, pickup.store.mailboxes, pickup.ledger, 30, now)).submissions).toEqual([]);
  });

  it("deletes expired replies", async () => {
    const { mailboxes } = pickup.store;
    await mailboxes.putReply("a".repeat(32), new Blob(["x"]).stream());
    pickup.clock.pass(31 * 24 * 60 * 60);
    const { replies } = await prune(pickup.store, mailboxes, pickup.ledger, 30, pickup.clock.now());
    expect(replies).toBe(1);
  });
});
