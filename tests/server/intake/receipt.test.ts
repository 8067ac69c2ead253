import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReceiptCode, deriveReplyAddress } from "../../../src/core/index.js";
import { ReceiptMaker } from "../../../src/server/intake/receipt.js";
import { CodeStock, ReplyAddresses } from "../../../src/server/mailbox/index.js";
import { eventually } from "../../support/portal.js";

const SALT = new Uint8Array(16).fill(7);

const addresses = new ReplyAddresses(SALT);
const maker = () => new ReceiptMaker(addresses, new CodeStock(SALT, () => false, 0), null);

describe("the receipt of a letter", () => {
  it("has a new code whose address derives from it, also where none is in stock", async () => {
    const made = await maker().receiptFor("")?.assign();
    expect(made?.address).toEqual(await deriveReplyAddress(made?.code ?? "", SALT));
  });

  it("has the code that was typed, if it follows up an earlier letter", async () => {
    const code = createReceiptCode();
    const receipt = maker().receiptFor(code);
    expect(receipt?.followUp).toBe(true);
    expect(await receipt?.assign()).toEqual({ code, address: await deriveReplyAddress(code, SALT) });
  });

  it.each(["1", "x", "12345678901234567890"])("is none for what is no code: %s", (typed) => {
    expect(maker().receiptFor(typed)).toBeNull();
  });
});

describe("codes in stock", () => {
  const full = new CodeStock(SALT, () => false, 2);
  beforeAll(async () => {
    full.open();
    await eventually(async () => full.size === 2, "two codes are in stock");
  });
  afterAll(() => full.close());

  it("are taken by letters that are kept, not by those that are refused or follow up", async () => {
    const receipts = new ReceiptMaker(addresses, full, null);
    receipts.prepare();
    const receipt = receipts.receiptFor("");
    receipts.receiptFor(createReceiptCode());
    expect([full.size, addresses.size]).toEqual([2, 0]);
    const { code, address } = (await receipt?.assign()) ?? {};
    expect(full.size).toBe(1);
    expect(address).toEqual(await deriveReplyAddress(code ?? "", SALT));
  });
});
