import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Case } from "../../src/cases/index.js";
import { readCases, writeCaseIndex, writeCaseNote } from "../../src/desk/index.js";
import { violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { putCase } from "../support/cases.js";
import { inTurn } from "../support/length.js";
import { removeFolder } from "../support/temporary.js";

const IDS = ["a", "b", "c"].map((digit) => digit.repeat(32));
const [A = "", B = "", C = ""] = IDS;
const VERDICT = Buffer.from("Вирок");
const HOSTILE = "<img src=x onerror=alert(1)>\u202e";

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`work on cases in index.html, in ${kind.name}`, () => {
    let browser: Browser;
    let page: Page;
    let folder: string;
    let downloads: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-work-"));
      downloads = await mkdtemp(join(tmpdir(), "postern-downloads-"));
      for (const [at, id] of IDS.entries()) {
        await putCase(folder, `submission-${id.slice(0, 8)}`, {
          record: { case: id, answers: { prisoner: `Семёнов Иван ${at}`, place: "ИК-6" } },
          letter: `Письмо\n\nСемёнов Иван ${at}`,
          day: `2026-11-2${3 - at}`,
          files: id === B ? [] : [{ name: "вирок.txt", contents: VERDICT }],
        });
      }
      await writeCaseNote(folder, B, { note: HOSTILE, by: HOSTILE });
      browser = await kind.launch(downloads);
      page = await kind.newPage(browser);
      await page.goto(pathToFileURL(await writeCaseIndex(folder)).href);
      await page.$eval("button[lang=en]", (each) => (each as HTMLElement).click());
    });
    afterAll(async () => {
      await browser.close();
      await removeFolder(folder);
      await removeFolder(downloads);
    });

    const told = (words: RegExp) =>
      poll(`the page to say ${words}`, async () =>
        words.test((await page.$eval(".told-saved", (each) => each.textContent)) ?? "") ? true : null,
      );
    const facts = (id: string) =>
      page.$eval(`[data-case="${id}"] summary`, (each) => (each as HTMLElement).innerText.replace(/\s+/g, " "));
    const leave = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());

    it("asks for a name before anything is written", async () => {
      await page.keyboard.press("j");
      await page.keyboard.press("2");
      await told(/Enter your name/);
      expect(await facts(A)).toContain("new");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("who");
      await page.keyboard.type("Анна 5");
      await leave();
    });

    it("goes through cases, and sets a status, by the keyboard alone", async () => {
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("2");
      await told(/Kept in this page/);
      expect(await facts(B)).toContain("being read");
      await page.keyboard.press("k");
      await page.keyboard.press("5");
      await poll("the status", async () => ((await facts(A)).includes("closed") ? true : null));
      await page.keyboard.press("u");
      await told(/Undone/);
      expect(await facts(A)).toContain("new");
      expect(await facts(B)).toContain("being read");
      await page.keyboard.press("/");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
      await page.keyboard.type("12/x");
      expect(await page.$eval("#search", (each) => (each as HTMLInputElement).value)).toBe("12/x");
      for (let typed = 0; typed < 4; typed += 1) await page.keyboard.press("Backspace");
      await leave();
    });

    it("writes a note, and shows a hostile colleague's as text", async () => {
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("n");
      await poll("the field", async () =>
        (await page.evaluate(() => document.activeElement?.className)) === "work-note" ? true : null,
      );
      await page.keyboard.type("позвонить");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const notes = await poll("both notes", async () => {
        const shown = await page.$$eval(`[data-case="${B}"] .notes li`, (all) => all.map((each) => each.textContent));
        return shown.length === 2 ? shown : null;
      });
      expect(notes[0]).toContain("<img src=x onerror=alert(1)>⟨U+202E⟩");
      expect(notes[1]).toMatch(/Анна 5.*позвонить/);
      expect(await page.$("img")).toBeNull();
      await leave();
    });

    it("writes of many selected cases at once", async () => {
      await page.focus("#choose-all");
      await page.keyboard.press("Enter");
      await page.focus("#write-all summary");
      await page.keyboard.press("Enter");
      const tag = await poll("the field for tags", () => page.$('#write-all input[id$="-tag"]'));
      await tag.focus();
      await page.keyboard.type("обмін");
      await page.keyboard.press("Tab");
      for (const id of IDS) await poll("the tag", async () => ((await facts(id)).includes("#обмін") ? true : null));
      await page.focus("#merge");
      await page.keyboard.press("Enter");
      await told(/Kept in this page/);
      await page.focus("#choose-none");
      await page.keyboard.press("Enter");
      expect(await page.$eval("#write-all", (each) => (each as HTMLElement).hidden)).toBe(true);
    });

    it("shows the people that staff confirmed, and splits one off", async () => {
      await page.focus("#people");
      await page.keyboard.press("Enter");
      await poll("the person", () => page.$("details.person summary"));
      expect(await page.$eval("details.person summary", (each) => each.textContent)).toMatch(/letters: 3.*confirmed/);
      await page.focus("details.person summary");
      await page.keyboard.press("Enter");
      const split = await poll("the button", async () => (await page.$$(".split"))[2] ?? null);
      await split.focus();
      await page.keyboard.press("Enter");
      await poll("two letters", async () =>
        /letters: 2.*confirmed/.test((await page.$eval("details.person summary", (each) => each.textContent)) ?? "")
          ? true
          : null,
      );
      await page.focus("#people");
      await page.keyboard.press("Enter");
      await poll("the list", async () => ((await page.$("details.person")) === null ? true : null));
    });

    it("leads from a document to the other case that holds it, shown or not, and finds both by its SHA-256", async () => {
      const type = async (words: string) => {
        await page.$eval("#search", (each) => (each as HTMLInputElement).select());
        await page.focus("#search");
        await page.keyboard.press("Backspace");
        await page.keyboard.type(words);
      };
      const listed = () => page.$$eval(".case-row", (all) => all.map((each) => each.getAttribute("data-case")));
      const toOther = async (from: string, to: string) => {
        await page.$eval(`[data-case="${from}"] details`, (each) => each.setAttribute("open", ""));
        const link = await poll("the link", () => page.$(`[data-case="${from}"] .same-document`));
        await link.focus();
        await page.keyboard.press("Enter");
        await poll("the other case", async () =>
          (await page.evaluate(() => document.activeElement?.closest(".case-row")?.getAttribute("data-case"))) === to
            ? true
            : null,
        );
        expect(await page.$eval(`[data-case="${to}"] details`, (each) => each.hasAttribute("open"))).toBe(true);
      };
      await toOther(A, C);
      expect(await listed()).toEqual([A, B, C]);
      const sha256 = createHash("sha256").update(VERDICT).digest("hex");
      await type("submission-aaaaaaaa");
      await poll("the case", async () => ((await listed()).join() === A ? true : null));
      await toOther(A, C);
      expect(await page.$eval("#search", (each) => (each as HTMLInputElement).value)).toBe(sha256);
      expect(await listed()).toEqual([A, C]);
      await type(sha256.slice(0, 8));
      await poll("both cases", async () => ((await listed()).join() === `${A},${C}` ? true : null));
      await page.$eval(`[data-case="${A}"] details`, (each) => each.setAttribute("open", ""));
      await poll("the link", () => page.$(`[data-case="${A}"] .same-document`));
      expect(await violations(page)).toEqual([]);
      await page.focus("#search");
      for (let typed = 0; typed < 8; typed += 1) await page.keyboard.press("Backspace");
      await poll("all cases", async () => ((await listed()).length === 3 ? true : null));
      await leave();
    });

    it("prints one case, with its number, and nothing else", async () => {
      await page.evaluate(() => {
        window.print = () => undefined;
      });
      await page.$eval(`[data-case="${B}"] summary`, (each) => (each as HTMLElement).click());
      const show = await poll("the button", () => page.$(`[data-case="${B}"] .print`));
      await show.evaluate((each) => (each as HTMLElement).click());
      const printed = await page.$eval("#print", (each) => each.textContent ?? "");
      expect(printed).toContain("submission-bbbbbbbb");
      expect(printed).toContain("Семёнов Иван 1");
      expect(printed).toContain("позвонить");
      expect(printed).not.toMatch(/submission-[ac]|Семёнов Иван [02]/);
      expect(await page.$("#print img")).toBeNull();
      // Which each page begins with.
      expect(await page.$$eval("#print .sheet > thead", (all) => all.map((each) => each.textContent))).toEqual([
        "submission-bbbbbbbb",
      ]);
      await page.$eval("#people-print", (each) => (each as HTMLElement).click());
      expect(await page.$$eval("#print tbody tr", (all) => all.length)).toBe(2);
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      expect(await page.$("#print")).toBeNull();
    });

    it("has no fault for who cannot see, with everything open", async () => {
      for (const width of [360, 1280]) {
        await page.setViewport({ width, height: 900 });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    });

    it("saves a log that gives the same to any desk it is laid into, twice as well", async () => {
      await page.focus("#save-log");
      await page.keyboard.press("Enter");
      const saved = await poll("the file", async () =>
        (await readdir(downloads)).find((name) => /^page-.*\.jsonl$/.test(name)),
      );
      await poll("its lines", async () => (await readFile(join(downloads, saved), "utf8")) || null);
      for (const name of [saved, `again-${saved}`]) await copyFile(join(downloads, saved), join(folder, "notes", name));
      const read = new Map<string, Case>();
      for await (const each of readCases(folder)) read.set(each.id, each);
      expect(read.get(A)).toMatchObject({ status: "new", tags: ["обмін"] });
      expect(read.get(B)).toMatchObject({ status: "reading", tags: ["обмін"] });
      expect(read.get(B)?.note).toContain("Анна 5: позвонить");
      expect(read.get(B)?.note).toContain(HOSTILE);
      expect(read.get(C)?.tags).toEqual(["обмін"]);
      await page.goto(pathToFileURL(await writeCaseIndex(folder)).href);
      expect(await facts(B)).toContain("читаємо");
    });
  });
}
