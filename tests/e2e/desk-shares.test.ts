import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeyPair } from "../../src/desk/index.js";
import { newSecret, secretLine, splitSecret, writeShare } from "../../src/shares/index.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { removeFolder } from "../support/temporary.js";

const DESK = new URL("../../dist/desk.html", import.meta.url);

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`shares of a passphrase in desk.html, in ${kind.name}`, () => {
    let folder: string;
    let browser: Browser;
    let page: Page;
    let shares: string[][];
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-desk-shares-"));
      const secret = newSecret();
      shares = (await splitSecret(secret, 5, 3)).map(writeShare);
      const userId = { name: "Appeals" };
      const passphrase = secretLine(secret);
      const pair = await createKeyPair({ profile: "gnupg", userId, passphrase, lifetime: 1e6 });
      await writeFile(join(folder, "shared.asc"), pair.secretKey);
      browser = await kind.launch(folder);
      page = await kind.newPage(browser);
      await page.goto(DESK.href);
      await page.$eval("#shares", (details) => details.setAttribute("open", ""));
    });
    afterAll(async () => {
      await browser.close();
      await removeFolder(folder);
    });

    const add = async (words: readonly string[] | undefined, says: string) => {
      await page.$eval(
        "#share",
        (field, text) => {
          (field as HTMLTextAreaElement).value = text;
        },
        (words ?? []).join(" "),
      );
      await page.focus("#add-share");
      await page.keyboard.press("Enter");
      const text = () => page.$eval("#share-status", (element) => element.textContent);
      await poll(says, async () => (await text())?.includes(says) || null);
    };

    it("are added one by one; a word that is wrong, a share given twice and one of another key are named", async () => {
      const other = (await splitSecret(newSecret(), 3, 3)).map(writeShare);
      await add(shares[4], "Уже є часток: 1");
      await add(shares[0]?.with(8, "xcademic"), "слова № 9 немає у списку");
      await add(shares[0]?.slice(1), "бракує слова");
      await add(shares[0], "Уже є часток: 2");
      await add(other[0], "від іншого ключа");
      await add(shares[4], "вже додано");
      await add(
        shares[2]?.map((word) => word.slice(0, 4).toUpperCase()),
        "Частки зійшлися",
      );
    });

    it("give the passphrase, which unlocks the key", async () => {
      const field = (await page.$("#keys")) as ElementHandle<HTMLInputElement>;
      await field.uploadFile(join(folder, "shared.asc"));
      await page.focus("#unlock");
      await page.keyboard.press("Enter");
      await poll("the key", async () => ((await page.$$("#unlocked li")).length === 1 ? true : null));
      expect(await page.$("#key-faults")).toBeNull();
    });
  });
}
