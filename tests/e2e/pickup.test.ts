import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeAcknowledgement } from "../../src/core/index.js";
import { BROWSERS, BROWSERS_WITHOUT_JAVASCRIPT, isInstalled, poll, press } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { startTestPickup, type TestPickup } from "../support/pickup.js";
import { prove, type } from "../support/pickup-page.js";
import { removeFolder } from "../support/temporary.js";

const sha256 = (contents: string) => createHash("sha256").update(contents).digest("hex");
const UNDER_TEST = [
  ...inTurn(BROWSERS, 0).map((kind) => ({ kind, scripts: "with" })),
  ...inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 1).map((kind) => ({ kind, scripts: "without" })),
];

for (const { kind, scripts } of UNDER_TEST.filter(({ kind }) => isInstalled(kind))) {
  describe(`pickup in ${kind.name} ${scripts} JavaScript`, () => {
    let browser: Browser;
    let page: Page;
    let pickup: TestPickup;
    let folder: string;
    const text = () => page.$eval("main", (element) => (element as HTMLElement).innerText);
    const until = (words: string) => poll(words, async () => ((await text()).includes(words) ? true : null));

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-e2e-"));
      browser = await kind.launch(folder);
      page = await kind.newPage(browser);
      pickup = await startTestPickup();
    });
    afterAll(async () => {
      await browser.close();
      await pickup.stop();
      await removeFolder(folder);
    });

    it("lets a manager in, carry away, acknowledge, delete and leave", async () => {
      const [first, second] = [await pickup.put("one"), await pickup.put("two")];
      await page.goto(`${pickup.url}/uk/`);
      await until("Увійти");
      await type(page, "name", "maksym");
      await prove(page, pickup, "maksym");
      await until("Нові (2)");
      await press(page, 'form[action="/uk/collect"] button');
      const tar = await poll("the download", async () =>
        (await readdir(folder)).find((name) => /^submissions-.*\.tar$/.test(name)),
      );
      await poll("the end of it", async () => ((await pickup.ledger.read()).isNew(second.id) ? null : true));
      await poll("a manifest", async () => {
        execFileSync("tar", ["-xf", tar, "MANIFEST.txt"], { cwd: folder, stdio: "ignore" });
        return true;
      });
      expect(await readFile(join(folder, "MANIFEST.txt"), "utf8")).toContain(`${sha256("one")}  ${first.id}.tar.gpg`);

      // A tab of Firefox's that has begun a download tells its driver of no page any more.
      page = await kind.newPage(browser);
      await page.goto(`${pickup.url}/uk/?show=collected`);
      await until("забрано 2026-11-23 (maksym)");
      const path = join(folder, "acknowledgement.json");
      await writeFile(path, writeAcknowledgement([{ id: first.id, sha256: sha256("one") }]));
      await press(page, "summary");
      const input = (await page.$("#file")) as ElementHandle<HTMLInputElement> | null;
      await input?.uploadFile(path);
      await press(page, 'form[action="/uk/acknowledge"] button');
      await until("Позначено розшифрованими: 1");
      expect((await pickup.ledger.read()).of(first.id).opened).toBe("2026-11-23");

      await page.goto(`${pickup.url}/uk/?show=opened`);
      await (await poll("a row", () => page.$(`input[value="${first.id}"]`))).focus();
      await page.keyboard.press(" ");
      await press(page, 'button[formaction="/uk/delete"]');
      await until("Видалити назавжди");
      await prove(page, pickup, "maksym");
      await until("Видалено: 1");
      await expect(pickup.store.find(first.id)).rejects.toMatchObject({ code: "not_found" });

      await press(page, 'form[action="/uk/sign-out"] button');
      await until("Увійти");
      await page.goto(`${pickup.url}/uk/`);
      await until("Увійти");
    });

    it("gives a courier one submission, by a button whose address holds nothing secret", async () => {
      const { id } = await pickup.put("three");
      await page.goto(`${pickup.url}/en/sign-in`);
      await type(page, "name", "olha");
      await prove(page, pickup, "olha");
      await until("Download all new as one file");
      const addresses: string[] = [];
      page.on("request", (request) => void addresses.push(request.url()));
      await press(page, `button[formaction="/en/submissions/${id}"]`);
      const path = join(folder, `${id}.tar.gpg`);
      // Firefox begins with an empty file.
      const saved = () =>
        readFile(path, "utf8").then(
          (contents) => contents || null,
          () => null,
        );
      expect(await poll("the submission", saved)).toBe("three");
      await poll("the mark", async () => ((await pickup.ledger.read()).isNew(id) ? null : true));
      for (const address of addresses) expect(address).not.toMatch(/\?|csrf|token/);
      page = await kind.newPage(browser);
      await page.goto(`${pickup.url}/en/`);
      await press(page, 'form[action="/en/sign-out"] button');
      await until("Sign in");
    });

    it("shows a courier no more than a courier may do", async () => {
      await pickup.put("four");
      await page.goto(`${pickup.url}/en/sign-in`);
      await type(page, "name", "olha");
      await prove(page, pickup, "olha");
      await until("Download all new as one file");
      expect(await page.$('button[formaction="/en/delete"]')).toBeNull();
      expect(await page.$('a[href="/en/staff"]')).toBeNull();
      await page.goto(`${pickup.url}/en/staff`);
      await until("Your role does not allow this.");
    });
  });
}
