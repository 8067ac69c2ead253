import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmission } from "../../src/core/index.js";
import { createKeyPair } from "../../src/desk/index.js";
import { keyLineIn, monthAfter, monthInName, monthInSecret, monthOf, unwrapMonth } from "../../src/months/index.js";
import { checkRecipient, encryptMessage, monthsLeft, relockKeys } from "../../src/openpgp/index.js";
import { joinShares, readShare, secretLine } from "../../src/shares/index.js";
import { BROWSERS, isInstalled, poll, press as pressIn } from "../support/browsers.js";
import { certificateIn } from "../support/keys.js";
import { inTurn } from "../support/length.js";
import { expectWordsApart, PAPERS, sheetsOf } from "../support/sheets.js";
import { removeFolder } from "../support/temporary.js";

const DESK = new URL("../../dist/desk.html", import.meta.url);
const PASSPHRASE = "correct horse battery";
const THIS_MONTH = monthOf(new Date());

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`keys for each month in desk.html, in ${kind.name}`, () => {
    let folder: string;
    let downloads: string;
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    const complaints: string[] = [];
    const inside = (...path: readonly string[]) => join(folder, ...path);
    const names = async (where: string) => (await readdir(inside(where))).sort();
    const months = async (where: string) => (await names(where)).filter((name) => monthInName(name) !== null);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-desk-months-"));
      downloads = inside("downloads");
      for (const name of ["downloads", "one", "made", "burnt", "more"]) await mkdir(inside(name));
      browser = await kind.launch(downloads);
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
      page.on("console", (message) => void complaints.push(message.text()));
      page.on("pageerror", (error) => void complaints.push(String(error)));
      await page.goto(DESK.href);
      await page.$$eval("#key-work, #key-work details", (all) => {
        for (const details of all) details.setAttribute("open", "");
      });
    });
    afterAll(async () => {
      await browser.close();
      await removeFolder(folder);
    });

    const press = (selector: string) => pressIn(page, selector);
    const fill = (selector: string, words: string) =>
      page.$eval(
        selector,
        (field, text) => {
          (field as HTMLInputElement).value = text;
        },
        words,
      );
    const choose = async (selector: string, ...paths: readonly string[]) => {
      const field = (await page.$(selector)) as ElementHandle<HTMLInputElement>;
      // Firefox would add to what was chosen before.
      await field.evaluate((input) => {
        input.value = "";
      });
      await field.uploadFile(...paths);
    };
    const says = (selector: string, words: string) =>
      poll(words, async () => (await page.$eval(selector, ({ textContent }) => textContent))?.includes(words) || null);
    /** Moves the downloads to `where` once there are as many, all of them whole. */
    const take = async (where: string, count: number): Promise<void> => {
      const found = await poll(`${count} files`, async () => {
        const all = await readdir(downloads);
        const whole = !all.some((name) => /\.(?:part|crdownload)$/.test(name));
        const contents = await Promise.all(
          all.map(async (name) => [name, await readFile(join(downloads, name))] as const),
        );
        return whole && all.length === count && contents.every(([, { length }]) => length > 0) ? contents : null;
      });
      for (const [name, contents] of found) {
        await writeFile(inside(where, name), contents);
        await rm(join(downloads, name));
      }
    };
    const lineIn = async (where: string) => keyLineIn(await readFile(inside(where, "key-file.txt"), "utf8")) ?? "";
    const paths = async (where: string) => (await months(where)).map((name) => inside(where, name));

    it("are one key as well, with words from this device or from dice, and a measure of the passphrase", async () => {
      const type = async (selector: string, words: string) => {
        await fill(selector, words);
        await page.$eval(selector, (field) => void field.dispatchEvent(new Event("input", { bubbles: true })));
      };
      await type("#single-passphrase", "twelve chars");
      await says("#single-passphrase-strength", "Слабка");
      await type("#single-passphrase-dice", "1111 6666 1112");
      await says("#single-passphrase-words", "academic ??? acid");
      await press("#single-passphrase-offer");
      const words = await poll("seven words", async () => {
        const text = (await page.$eval("#single-passphrase-words", ({ textContent }) => textContent)) ?? "";
        return text.split(" ").length === 7 ? text : null;
      });
      await fill("#single-name", "Appeals");
      await type("#single-passphrase", words);
      await fill("#single-again", words);
      await press("#single-do");
      await says("#single-status", "Ключ готовий");
      await press("#single-save");
      await take("one", 3);
      const [certificateName = ""] = await names("one");
      const short = certificateName.replace(".asc", "");
      expect(await names("one")).toEqual(
        [`${short}.asc`, `postern-${short}-secret.asc`, `postern-${short}-revocation.asc`].sort(),
      );
      const certificate = await certificateIn(await readFile(inside("one", certificateName), "utf8"));
      expect(checkRecipient(certificate, new Date()).fingerprint.toLowerCase()).toContain(short);
      const secret = await readFile(inside("one", `postern-${short}-secret.asc`), "utf8");
      expect(await relockKeys(Buffer.from(secret), words, "another passphrase")).toContain("PRIVATE KEY BLOCK");
    });

    it("are made, with a certificate, a primary key, and a key-file by itself", async () => {
      await fill("#make-name", "Appeals");
      await fill("#make-count", "3");
      await fill("#make-passphrase", PASSPHRASE);
      await fill("#make-again", "something else");
      await press("#make-do");
      await says("#make-status", "Дві парольні фрази різні");
      await fill("#make-again", PASSPHRASE);
      await press("#make-do");
      await says("#make-status", "Ключі готові");
      await press("#make-save");
      await take("made", 6);
      await press("#make-save-key-file");
      await poll("the key-file", async () => ((await readdir(downloads)).includes("key-file.txt") ? true : null));
      await take("made", 1);
      const short = (await months("made"))[0]?.slice(8, 24) ?? "";
      expect(await names("made")).toEqual(
        [
          `${short}.asc`,
          "key-file.txt",
          ...[0, 1, 2].map((count) => `postern-${short}-${monthAfter(THIS_MONTH, count)}.month`),
          `postern-${short}-primary.asc`,
          `postern-${short}-revocation.asc`,
        ].sort(),
      );
      const certificate = await certificateIn(await readFile(inside("made", `${short}.asc`), "utf8"));
      expect(monthsLeft(checkRecipient(certificate, new Date()), new Date())).toBe(3);
    });

    it("open that month's letters with the file of the month and the key-file, and not without", async () => {
      const short = (await months("made"))[0]?.slice(8, 24) ?? "";
      const certificate = await certificateIn(await readFile(inside("made", `${short}.asc`), "utf8"));
      const { stream } = createSubmission({
        caseId: "1".repeat(32),
        form: { id: "default", version: 1 },
        language: "ru",
        answers: {},
        letter: "Письмо\n\nВаше письмо\nмесяц\n",
        documents: [],
        encryptedBy: "browser",
      });
      const message = await encryptMessage(stream, [checkRecipient(certificate, new Date())], new Date());
      const letter = inside(`${"a".repeat(32)}.tar.gpg`);
      await writeFile(letter, Buffer.from(await new Response(message).arrayBuffer()));
      await utimes(letter, new Date(), new Date());
      const [month = ""] = await paths("made");
      await choose("#keys", month);
      await fill("#passphrase", PASSPHRASE);
      await press("#unlock");
      await says("#key-status", "потрібен його файл-ключ");
      await choose("#keys", month, inside("made", "key-file.txt"));
      await fill("#passphrase", PASSPHRASE);
      await press("#unlock");
      await poll("the key", async () => ((await page.$$("#unlocked li")).length === 1 ? true : null));
      await choose("#files", letter);
      await poll("the case", () => page.$("details.case"));
    });

    it("refuse to burn a month that is not over; when forced, wrap the others anew and name what to destroy", async () => {
      const all = [...(await paths("made")), inside("made", "key-file.txt")];
      await choose("#burn-files", ...all);
      await fill("#burn-month", "2026-13");
      await press("#burn-do");
      await says("#burn-status", "місяць пишуть так");
      await fill("#burn-month", THIS_MONTH);
      await press("#burn-do");
      await says("#burn-status", "ще можуть шифрувати");
      await page.$eval("#burn-force", (field) => {
        (field as HTMLInputElement).checked = true;
      });
      await press("#burn-do");
      await says("#burn-status", "Решту місяців загорнуто");
      await press("#burn-save");
      await take("burnt", 2);
      await press("#burn-save-key-file");
      await take("burnt", 1);
      expect(await months("burnt")).toEqual((await months("made")).slice(1));
      const [old, line] = [await lineIn("made"), await lineIn("burnt")];
      expect(line).not.toBe(old);
      for (const name of await months("burnt")) {
        const bytes = await readFile(inside("burnt", name));
        expect(await monthInSecret(await unwrapMonth(bytes, line))).toBe(monthInName(name));
        await expect(unwrapMonth(bytes, old)).rejects.toMatchObject({ code: "wrong_key_file" });
      }
      const destroy = await page.$$eval("#burn-destroy li", (items) => items.map(({ textContent }) => textContent));
      expect(destroy.sort()).toEqual(["key-file.txt", ...(await months("made"))].sort());
      expect(await page.$eval("#burn-status", ({ textContent }) => textContent)).toContain("Місяць ще не спалено");
    });

    it("name a month of which the key-file is another one, and one that was renamed", async () => {
      const [first = "", second = ""] = await paths("made");
      await choose("#burn-files", first, second, inside("burnt", "key-file.txt"));
      await press("#burn-do");
      await says("#burn-status", "файл-ключ не відкриває одного з місяців");
      const renamed = inside(second.split("/").at(-1) ?? "");
      await writeFile(renamed, await readFile(first));
      await choose("#burn-files", first, renamed, inside("made", "key-file.txt"));
      await press("#burn-do");
      await says("#burn-status", "інший місяць, ніж каже його назва");
    });

    it("are extended with the primary key, under the key-file that is there", async () => {
      const made = (await names("made")).filter((name) => /(?:^[0-9a-f]{16}|-primary)\.asc$/.test(name));
      const files = made.map((name) => inside("made", name));
      await fill("#extend-count", "2");
      await fill("#extend-passphrase", "wrong");
      await choose("#extend-files", ...files, inside("burnt", "key-file.txt"));
      await press("#extend-do");
      await says("#extend-status", "не відмикає цього ключа");
      await fill("#extend-passphrase", PASSPHRASE);
      await press("#extend-do");
      await says("#extend-status", "Місяці готові");
      await press("#extend-save");
      await take("more", 3);
      expect((await months("more")).map(monthInName)).toEqual([3, 4].map((count) => monthAfter(THIS_MONTH, count)));
      for (const path of await paths("more")) {
        await expect(unwrapMonth(await readFile(path), await lineIn("burnt"))).resolves.toContain("PRIVATE KEY");
      }
    });

    it("are split: any of the shares that are needed join to the new passphrase of the key", async () => {
      const userId = { name: "Appeals" };
      const pair = await createKeyPair({ profile: "gnupg", userId, passphrase: PASSPHRASE, lifetime: 1e6 });
      await writeFile(inside("one.asc"), pair.secretKey);
      await choose("#split-files", inside("one.asc"));
      await fill("#split-shares", "3");
      await fill("#split-need", "4");
      await press("#split-do");
      await says("#split-status", "Часток може бути від 2 до 32");
      await fill("#split-need", "2");
      await fill("#split-passphrase", PASSPHRASE);
      await press("#split-do");
      await says("#split-status", "Частки в кінці цієї сторінки");
      await press("#split-save");
      await take("more", 1);
      const words = await page.$$eval("#sheets ol", (lists) =>
        lists.map((list) => [...list.querySelectorAll("li")].map(({ textContent }) => textContent).join(" ")),
      );
      expect(words).toHaveLength(3);
      const shares = words.map((each) => readShare(each));
      const passphrase = secretLine(await joinShares([shares[2], shares[0]].flatMap((share) => share ?? [])));
      const locked = await readFile(inside("more", "one-shared.asc"));
      await expect(relockKeys(locked, passphrase, "x")).resolves.toContain("PRIVATE KEY");
      await expect(relockKeys(locked, PASSPHRASE, "x")).rejects.toMatchObject({ code: "locked" });
      // The codes are drawn: both colours are there.
      const colours = await page.$$eval("#sheets canvas", (all) =>
        all.map((canvas) => {
          const context = (canvas as HTMLCanvasElement).getContext("2d");
          const { data } = context?.getImageData(0, 0, canvas.clientWidth, canvas.clientWidth) ?? { data: [] };
          return new Set(data.filter((_, index) => index % 4 === 0)).size;
        }),
      );
      expect(colours).toEqual([2, 2, 2]);
      for (const width of [360, 1_280]) await expectWordsApart(page, "#sheets section:last-child ol", width);
      // Firefox packs the pages of a PDF, so that they cannot be counted.
      for (const paper of kind.name === "Chromium" ? PAPERS : []) expect(await sheetsOf(page, paper)).toBe(3);
      await page.$$eval("#sheets .actions button", (buttons) => buttons.at(-1)?.click());
      expect(await page.$("#sheets")).toBeNull();
    });

    it("have the page connect to nothing, and break none of its rules", () => {
      expect(requests.filter((url) => !/^(?:file|blob|data):/.test(url))).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
}
