import { beforeEach, describe, expect, it } from "vitest";
import { createReceiptCode, createReply, deriveReplyAddress, formatReceiptCode } from "../../src/core/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";

for (const kind of (OVER_BUCKET ? [] : inTurn(BROWSERS, 0)).filter(isInstalled)) {
  describe(`${kind.name}: what happens to a letter`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;

    beforeEach(async () => {
      portal = await session.startPortal();
    });

    it("is said on the receipt, in a few lines", async () => {
      const { form, page } = session;
      await form.visit(portal.url);
      await form.write("message", "x");
      await form.press("#send");
      await form.untilStored();
      const lines = await page.$$eval("main .next li", (all) => all.map((line) => line.innerText));
      expect(lines[0]).toContain("Команда откроет письмо на компьютере без интернета.");
      expect(lines[1]).toContain("Сколько ждать ответа");
    });

    it("is said by its number: not opened, opened on a day, answered", async () => {
      const { form, page } = session;
      const code = createReceiptCode();
      const { mailboxes } = portal.store;
      const { mailbox, key } = await deriveReplyAddress(code, await mailboxes.portalSalt());
      const put = async (contents: { readonly text: string; readonly opened?: string }) =>
        mailboxes.putReply(mailbox, await encryptReply(createReply({ ...contents, documents: [] }).stream, key));
      const read = async () => {
        await page.goto(`${portal.url}/ru/replies`);
        await poll("the button", () => page.$("#read:not(:disabled)"));
        await page.type("#field-mailbox-code", formatReceiptCode(code));
        await page.keyboard.press("Enter");
        await poll("the mailbox", () => page.$("#replies > button"));
        return form.text("main");
      };
      expect(await read()).toContain("Отметки о том, что письмо открыли, пока нет.");
      await put({ text: "opened 2026-05-17\n", opened: "2026-05-17" });
      expect(await read()).toMatch(/17 мая 2026\sг\. наша команда открыла письмо\./);
      expect(await page.$(".reply")).toBeNull();
      await put({ text: "Мы нашли адвоката." });
      const answered = await read();
      expect(answered).toContain("Вам ответили.");
      expect(answered).toContain("Мы нашли адвоката.");
      expect(await page.$$(".reply")).toHaveLength(1);
    });
  });
}
