import type { Page } from "puppeteer-core";
import { poll } from "./browsers.js";
import { codeOf, PASSPHRASE, type TestPickup } from "./pickup.js";

/** Types into the field `id`, once it is there. */
export async function type(page: Page, id: string, words: string): Promise<void> {
  const field = await poll(id, () => page.$(`#${id}`));
  await field.focus();
  await page.keyboard.type(words);
}

/** Types passphrase and code, as soon as the next code is good, and sends them. */
export async function prove(page: Page, pickup: TestPickup, name: string): Promise<void> {
  pickup.clock.pass(30);
  await type(page, "passphrase", PASSPHRASE);
  await type(page, "code", await codeOf(pickup.staff, name, pickup.clock.now()));
  await page.keyboard.press("Enter");
}

/** Signs in through the page, with a new code. */
export async function signIn(page: Page, pickup: TestPickup, language: string, name: string): Promise<void> {
  await page.goto(`${pickup.url}/${language}/sign-in`);
  await type(page, "name", name);
  await prove(page, pickup, name);
  await poll("the list", () => page.$(".chart"));
}

/** Submissions in every state, some long collected. */
export async function fill(pickup: TestPickup): Promise<void> {
  for (let count = 0; count < 8; count += 1) {
    const { id } = await pickup.put("x".repeat(70_000 * (count + 1)));
    const collected = { kind: "collected", id, sha256: "ab".repeat(32), by: "olha", day: "2026-11-01" } as const;
    if (count % 2 === 0) await pickup.ledger.add([collected]);
    if (count % 4 === 0) await pickup.ledger.add([{ kind: "opened", id, sha256: "ab".repeat(32), day: "2026-11-20" }]);
  }
}
