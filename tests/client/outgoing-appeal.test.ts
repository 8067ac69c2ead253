import { describe, expect, it, vi } from "vitest";
import type { Appeal } from "../../src/client/messages.js";
import { createCode, createOutgoing, newCodeOf } from "../../src/client/outgoing-appeal.js";
import { createReceiptCode, deriveReplyAddress } from "../../src/core/index.js";

const SALT = new Uint8Array(16).fill(3);
const appeal = (code: string | null) => ({ code, documents: [] }) as unknown as Appeal;

describe("an appeal on its way out", () => {
  it("has the code that was made ahead, with its address, and shows it", async () => {
    const ahead = await createCode(SALT);
    const outgoing = await createOutgoing(appeal(null), SALT, async () => ahead);
    expect([outgoing.code, outgoing.reply]).toEqual([ahead.code, await deriveReplyAddress(ahead.code, SALT)]);
    expect(newCodeOf(outgoing)).toBe(ahead.code);
  });

  it("takes none where it adds to an earlier one, and shows none", async () => {
    const code = createReceiptCode();
    const takeNew = vi.fn(() => createCode(SALT));
    const outgoing = await createOutgoing(appeal(code), SALT, takeNew);
    expect(takeNew).not.toHaveBeenCalled();
    expect([outgoing.code, outgoing.reply]).toEqual([code, await deriveReplyAddress(code, SALT)]);
    expect(newCodeOf(outgoing)).toBeNull();
  });
});
