import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReceiptCode, formatReceiptCode } from "../../src/core/index.js";
import { createKeyPair } from "../../src/desk/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { makeSite, writeSite } from "../../src/verify/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, BROWSERS_WITHOUT_JAVASCRIPT, frameWith, isInstalled, textOf } from "../support/browsers.js";
import { recipientOf } from "../support/keys.js";
import { inTurn } from "../support/length.js";
import type { Line } from "../support/line.js";
import { type BareHost, bareHost, staticHost } from "../support/static-host.js";
import { removeFolder } from "../support/temporary.js";
import { makeReceiptKey } from "../support/ways.js";

let folder: string;
let host: Line & { readonly refused: string[] };
let sending: BareHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-copy-"));
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "test" }, passphrase: "", lifetime: 1e7 });
  const inputs = {
    recipients: new Recipients([await recipientOf(pair)]),
    texts: loadTexts(),
    form: null,
    organisation: null,
    about: null,
    addresses: null,
    answerDays: null,
    retentionDays: null,
    draftDays: null,
    ways: null,
    onion: `${"e".repeat(56)}.onion`,
    portalSalt: new Uint8Array(16).fill(9),
    maxSubmission: 2 * 1024 ** 3,
    maxFiles: 100,
  };
  await writeSite(await makeSite(inputs, { onion: false, app: null }), join(folder, "site"));
  host = await staticHost(join(folder, "site"));
  const ways = { addresses: ["https://relay.example.org"], key: makeReceiptKey(), mailboxKey: null };
  const { files } = await makeSite({ ...inputs, ways }, { onion: false, app: null, sends: true });
  sending = await bareHost(files, "/");
});
afterAll(async () => {
  await host.close();
  await sending.close();
  await removeFolder(folder);
});

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`a copy of the pages in ${kind.name}`, () => {
    const session = browserSession(kind);
    const faults: string[] = [];
    beforeEach(() => {
      const { page } = session;
      faults.splice(0);
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      page.on("pageerror", (error) => faults.push(String(error)));
    });

    it("runs its client by integrity and policy, which says that nothing can be sent from here, and where to go", async () => {
      const { form, page } = session;
      await page.goto(`${host.url}/ru/`);
      await form.untilText("#client-state", "лежит только копия нашей страницы");
      expect(await page.$("#send:not(:disabled)")).toBeNull();
      expect(await page.$$eval("#client-state a", (links) => links.map((link) => link.getAttribute("href")))).toEqual([
        "/offline/ru.html",
      ]);
      // To try again is the only button: there is no server that could encrypt.
      expect(await page.$$("#client-state button")).toHaveLength(1);
      expect(await page.$eval("footer", (footer) => footer.textContent)).toContain(`${"e".repeat(56)}.onion`);
      expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).not.toBe("");
      expect(new Set(host.refused)).toEqual(new Set(["OPTIONS /uploads"]));
      // What a browser says of the refused question itself is no fault of the page.
      expect(faults.filter((fault) => /integrity|policy|csp|trusted/i.test(fault))).toEqual([]);
      expect((await fetch(`${host.url}/offline/ru.html`)).status).toBe(200);
    });

    it("says of a reply's code that nobody answers, instead of asking for ever", async () => {
      const { page } = session;
      await page.goto(`${host.url}/ru/replies`);
      await page.waitForSelector("#mailbox input");
      await page.type("#mailbox input", formatReceiptCode(createReceiptCode()));
      await page.keyboard.press("Enter");
      await session.form.untilText("#mailbox", "Сервер не отвечает");
    });
  });
}

for (const kind of inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 0).filter(isInstalled)) {
  it(`without JavaScript it shows what to do, and no form: ${kind.name}`, async () => {
    const browser = await kind.launch();
    try {
      const page = await kind.newPage(browser);
      await page.goto(`${host.url}/en/`);
      const { frame } = await frameWith(page, /\/en\/plain$/, 'a[href="/offline/en.html"]');
      expect(await textOf(frame)).toContain("Only our own site accepts letters");
      expect(await frame.$("form")).toBeNull();
    } finally {
      await browser.close();
    }
  });

  it(`without JavaScript a copy that sends says that it cannot, and leads on: ${kind.name}`, async () => {
    const browser = await kind.launch();
    try {
      const page = await kind.newPage(browser);
      await page.goto(`${sending.url}index-en.html`);
      expect(await textOf(page.mainFrame())).toContain("Without JavaScript, nothing can be sent from here");
      expect(await page.$eval("main", (main) => main.textContent)).toContain(`${"e".repeat(56)}.onion`);
      await page.goto(`${sending.url}en.html`);
      expect(await textOf(page.mainFrame())).toContain("open our own site: it takes letters without it too");
      expect(await page.$("#send:not(:disabled)")).toBeNull();
    } finally {
      await browser.close();
    }
  });
}
