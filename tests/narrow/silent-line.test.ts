import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll, press } from "../support/browsers.js";
import { answerLetter, readReply, sendLetter } from "../support/correspondence.js";
import { atLength, inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { Random } from "../support/seed.js";
import { type SilentLine, silentLine } from "../support/silent-line.js";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Of a letter, and of a large one. */
const LETTER_KIB = atLength(100, 300);
const LARGE_MIB = 5;
const SEND_MS = 240_000;
const READ_MS = 60_000;
/** What 25 packets carry, less what the handshake of TLS takes: here there is none. */
const MAX_BYTES = 12 * KIB;

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`${kind.name} on a line whose connections go silent after 12 KiB`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let line: SilentLine;

    beforeEach(async () => {
      portal = await session.startPortal();
      line = session.stopLater(await silentLine(() => portal.url, { maxBytes: MAX_BYTES }));
    });

    /** Sends a letter with a document of so many bytes, and returns the number on its receipt. */
    async function send(bytes: number): Promise<string> {
      const { form } = session;
      const contents = Buffer.from(new Random("narrow").bytes(bytes));
      await form.visit(line.url);
      const code = await sendLetter(form, "Письмо по частям", contents, SEND_MS);
      const [opened] = await portal.open();
      expect(opened?.record.answers).toEqual({ message: "Письмо по частям" });
      return code;
    }

    it(`gets ready, sends a letter with ${LETTER_KIB} KiB of documents, and reads the reply`, async () => {
      const { form } = session;
      const code = await send(LETTER_KIB * KIB);
      // On a busy machine the first script may be given up before it has fallen silent.
      expect(line.connections()).toBeGreaterThan((LETTER_KIB * KIB) / MAX_BYTES);
      const answer = await answerLetter(portal, code);
      await readReply(form, line.url, code, READ_MS);
      expect(await form.text()).toContain(answer);
    });

    it("waits where something else has set the network off, says so, and goes on", async () => {
      const { form, page } = session;
      await page.goto(`${line.url}/ru/`);
      line.anger(15_000);
      await form.untilText("#client-state", "пробуем");
      await poll("the button to be on", () => page.$("#send:not(:disabled)"), 180_000);
    }, 300_000);

    if (!atLength(false, true)) return;

    it(`sends ${LARGE_MIB} MiB, and loses few of some 130 pieces a MiB`, async () => {
      await send(LARGE_MIB * MIB);
      const lost = line.stalls();
      expect(lost).toBeLessThan(20);
    }, 300_000);

    it("builds the offline form in the browser, byte for byte the server's", async () => {
      const { form, downloads } = session;
      await form.visit(line.url);
      await press(session.page, ".keep button");
      const path = join(downloads, "form-ru.html");
      await poll("the file", async () => ((await readdir(downloads)).includes("form-ru.html") ? true : null), 60_000);
      const expected = await (await fetch(`${portal.url}/offline/ru.html`)).text();
      await poll("all of it", async () => ((await readFile(path, "utf8")).length >= expected.length ? true : null));
      expect((await readFile(path, "utf8")) === expected).toBe(true);
    });
  });
}
