import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReply, deriveReplyAddress } from "../../src/core/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { type BehindWall, canBeBehindWall, openBehindWall } from "../support/behind-wall.js";
import { browserSession } from "../support/browser-session.js";
import { browsersInside, isInstalled, poll } from "../support/browsers.js";
import { streamOf } from "../support/bytes.js";
import type { TestPortal } from "../support/portal.js";
import { Random } from "../support/seed.js";

const KIB = 1024;

let behind: BehindWall | undefined;
const place = (): BehindWall => {
  if (behind === undefined) throw new Error("the wall stands only while its tests run");
  return behind;
};
const possible = canBeBehindWall("a wall that counts packets");

for (const kind of browsersInside(place)) {
  describe.runIf(possible && isInstalled(kind))(`${kind.name} where connections go silent after 25 packets`, () => {
    let portal: TestPortal;

    beforeAll(async () => {
      behind = await openBehindWall(() => portal.url, { packets: 25 });
    });
    afterAll(async () => {
      await behind?.close();
      behind = undefined;
    });
    const session = browserSession(kind);
    beforeEach(async () => {
      portal = await session.startPortal();
      place().wall.reset();
    });

    /** Sends a letter with a document of so many bytes, and returns the number on its receipt. */
    async function send(bytes: number): Promise<string> {
      const { form } = session;
      const contents = Buffer.from(new Random("narrow").bytes(bytes));
      await form.visit(place().url);
      await form.write("message", "Письмо по частям");
      await form.attach({ name: "приговор.jpg", contents });
      await form.press("#send");
      await poll("the receipt", () => session.page.$(".receipt-code"), 240_000);
      const [opened] = await portal.open();
      expect(opened?.record.answers).toEqual({ message: "Письмо по частям" });
      expect(opened?.files[0]?.contents.equals(contents)).toBe(true);
      return form.text(".receipt-code");
    }

    it("gets ready, sends a letter with 300 KiB of documents, and reads the reply", async () => {
      const { page } = session;
      const code = await send(300 * KIB);
      const sent = place().wall.counts();
      // The client's script in one does not pass: everything has arrived although connections went silent.
      expect(sent.stalls).toBeGreaterThan(0);
      expect(sent.connections).toBeGreaterThan(60);
      const { mailbox, key } = await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt());
      const bytes = new Random("answer").bytes(100 * KIB);
      const document = { name: "ответ.pdf", type: "application/pdf", size: bytes.length, open: () => streamOf(bytes) };
      const reply = createReply({ text: "Мы нашли адвоката.\n", documents: [document] });
      await portal.store.mailboxes.putReply(mailbox, await encryptReply(reply.stream, key));
      await page.goto(`${place().url}/ru/replies`);
      await poll("the button", () => page.$("#read:not(:disabled)"));
      await page.type("#field-mailbox-code", code);
      await page.keyboard.press("Enter");
      await poll("the reply", () => page.$(".reply-text"), 60_000);
      expect(await session.form.text()).toContain("Мы нашли адвоката.");
    });

    it("sends 5 MiB, and hardly any of some 1,100 connections goes silent", async () => {
      await send(5 * KIB * KIB);
      const { stalls, connections } = place().wall.counts();
      expect(connections).toBeGreaterThan(1_000);
      expect(stalls).toBeLessThan(connections / 10);
    }, 300_000);
  });
}
