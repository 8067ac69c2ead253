import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReceiptCode, deriveReplyAddress } from "../../../src/core/index.js";
import { formOf, startTestPortal, type TestPortal } from "../../support/portal.js";

/** From 4 MiB on the receipt code is derived while the document arrives. */
const MIB = 1024 * 1024;

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal();
});
afterAll(() => portal.stop());

async function submit(fields: Readonly<Record<string, string>>, bytes: number): Promise<string> {
  const document = new File([new Uint8Array(bytes)], "a.bin");
  const response = await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf(fields, [document]) });
  expect(response.status).toBe(200);
  return response.text();
}

const codeOn = (page: string) => /class="receipt-code"[^>]*>([\d ]+)</.exec(page)?.[1]?.replaceAll(" ", "");

describe("the answer to a letter with a document of any size", () => {
  it.each([1, 4 * MIB - 1, 4 * MIB, 9 * MIB])("lies where the number on its receipt says: %i bytes", async (bytes) => {
    const message = `размер ${bytes}`;
    const code = codeOn(await submit({ message }, bytes)) ?? "";
    const address = await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt());
    const found = (await portal.open()).find(({ record }) => record.answers.message === message);
    expect(found?.record.reply).toEqual({ ...address });
    expect(found?.record.followUp).toBe(false);
  });

  it("lies where the number that was typed says, for a follow-up", async () => {
    const code = createReceiptCode();
    const page = await submit({ message: "ещё", "receipt-code": code }, 9 * MIB);
    expect(codeOn(page)).toBeUndefined();
    const address = await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt());
    const found = (await portal.open()).find(({ record }) => record.answers.message === "ещё");
    expect(found?.record.reply).toEqual({ ...address });
    expect(found?.record.followUp).toBe(true);
  });
});
