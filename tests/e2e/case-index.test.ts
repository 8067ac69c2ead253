import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCaseIndex, writeCaseNote } from "../../src/desk/index.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { makeCases, putCase } from "../support/cases.js";
import { inTurn } from "../support/length.js";
import { WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";

const HOSTILE = "<img src=x onerror=alert(1)><script>document.title='x'</script>\u202e";

/** The page lists the newest before it has the others. */
const untilAll = (page: Page, count: number) =>
  poll("all cases", async () =>
    (await page.$eval("[role=status]", (element) => element.textContent)) === `Знайдено: ${count}` ? true : null,
  );

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`the index of cases in ${kind.name} ${WITH_SEED}`, () => {
    let browser: Browser;
    let page: Page;
    let folder: string;
    let downloads: string;
    const requests: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-index-"));
      downloads = await mkdtemp(join(tmpdir(), "postern-downloads-"));
      await makeCases(folder, 2_000);
      await putCase(folder, "submission-aaaaaaaa", {
        record: {
          case: "a".repeat(32),
          answers: { prisoner: HOSTILE, place: "ИК-6 \u05d0\u05d1", charge: "=1+1", "A B": "x" },
        },
        letter: `Письмо\n\n${HOSTILE}\nредкостноеслово Пётр\n=cmd\n`,
        day: "2026-11-23",
        files: [
          { name: `${HOSTILE}.exe`, contents: Buffer.from("MZ") },
          { name: "picture.png", contents: await readFile(new URL("../support/dot.png", import.meta.url)) },
        ],
      });
      await putCase(folder, "submission-bbbbbbbb", {
        record: { case: "b".repeat(32), answers: { prisoner: "о Семёнове Иване", charge: "=2+2" } },
        letter: "Письмо\n\nо Семёнове Иване",
        day: "2026-11-22",
      });
      await putCase(folder, "submission-cccccccc", {
        record: { case: "c".repeat(32), answers: { prisoner: "Ivan Semyonov, 1987" } },
        letter: "Письмо\n\nIvan Semyonov, 1987",
        day: "2026-11-21",
      });
      await writeCaseNote(folder, "a".repeat(32), { status: "answered", note: "=1+1" });
      browser = await kind.launch(downloads);
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
      await page.goto(pathToFileURL(await writeCaseIndex(folder)).href);
      await untilAll(page, 2_003);
    });
    afterAll(async () => {
      await browser.close();
      await removeFolder(folder);
      await removeFolder(downloads);
    });

    const status = () => page.$eval("[role=status]", (element) => element.textContent);
    const openTables = () =>
      page.$eval("#tables", (each) => {
        (each as HTMLDetailsElement).open = true;
      });
    const search = async (words: string) => {
      await page.$eval("#search", (field) => {
        (field as HTMLInputElement).value = "";
        field.dispatchEvent(new Event("input"));
      });
      await page.focus("#search");
      await page.keyboard.type(words);
    };

    it("finds a word among two thousand cases, in capitals or without, ё or е", async () => {
      expect(await status()).toBe("Знайдено: 2003");
      await search("РЕДКОСТНОЕСЛОВО петр");
      expect(await status()).toBe("Знайдено: 1");
    });

    it("shows letters and names as text, with what cannot be seen made visible", async () => {
      await page.focus("details.case summary");
      await page.keyboard.press("Enter");
      const letter = await poll("the letter", () => page.$eval(".letter", (element) => element.textContent));
      expect(letter).toContain(HOSTILE.replace("\u202e", "⟨U+202E⟩"));
      expect(await page.$("img, .letter *")).toBeNull();
      const documents = await page.$$eval("details.case li", (all) => all.map((each) => each.textContent));
      expect(documents[0]).toContain("програма: не запускайте");
      expect(documents[0]).toContain("⟨U+202E⟩");
      expect(await page.title()).toBe("Справи");
    });

    it("draws a picture when asked, and keeps only its points", async () => {
      await page.focus("details.case li button");
      await page.keyboard.press("Enter");
      const size = await poll("the drawing", () => page.$eval("canvas", (canvas) => [canvas.width, canvas.height]));
      expect(size).toEqual([1, 1]);
      expect(await page.$("img")).toBeNull();
    });

    it("says in the row who, where and what for, each apart from the others", async () => {
      const row = "details.case .row bdi";
      expect(await page.$$eval(row, (all) => all.map((each) => each.getAttribute("data-of")))).toEqual([
        "prisoner",
        "place",
        "charge",
      ]);
      const [who, where] = await page.$$eval(row, (all) => all.map((each) => each.textContent));
      expect(who).toContain("<img src=x");
      expect(where).toBe("ИК-6 \u05d0\u05d1");
      expect(await page.$eval("details.case .facts", (each) => each.textContent)).toMatch(
        /^2026-11-23 · (?:\d+ \p{L}+ · )?submission-aaaaaaaa · відповіли$/u,
      );
    });

    it("filters by the words of an answer", async () => {
      await search("");
      await page.focus("#answers summary");
      await page.keyboard.press("Enter");
      await page.focus("#answer-place");
      await page.keyboard.type("ик-6");
      expect(await status()).toBe("Знайдено: 1");
      await page.keyboard.type("x");
      expect(await status()).toBe("Знайдено: 0");
      for (let typed = 0; typed < 5; typed += 1) await page.keyboard.press("Backspace");
      expect(await status()).toBe("Знайдено: 2003");
    });

    it("finds a name in any case and either alphabet, and groups its letters by person", async () => {
      for (const typed of ["Semyonov", "Семенова", "семёнову"]) {
        await search(typed);
        const folders = await page.$$eval("details.case .facts", (all) => all.map((each) => each.textContent));
        expect(folders.filter((each) => /submission-(?:b{8}|c{8})/.test(each ?? ""))).toHaveLength(2);
      }
      await page.focus("#people");
      await page.keyboard.press("Enter");
      const person = await poll("the person", () => page.$("details.person"));
      expect(await person.evaluate((each) => each.textContent)).toMatch(/Семёнове Иване|Ivan Semyonov/);
      await page.focus("details.person summary");
      await page.keyboard.press("Enter");
      await poll("the letters", async () =>
        (await page.$$("details.person details.case")).length === 2 ? true : null,
      );
      await openTables();
      await page.focus("#people-csv");
      await page.keyboard.press("Enter");
      const name = await poll("the table", async () =>
        (await readdir(downloads)).find((each) => each === "people.csv"),
      );
      const table = await poll("its rows", async () => (await readFile(join(downloads, name), "utf8")) || null);
      expect(table).toContain(`"2","2026-11-21","2026-11-22"`);
      expect(table).toContain(`"'=2+2"`);
      await page.focus("#people");
      await page.keyboard.press("Enter");
      await poll("the list", async () => ((await page.$("details.person")) === null ? true : null));
      await search("");
    });

    it("filters by status and by what was chosen, and counts in tables", async () => {
      await search("");
      await page.select("#status", "answered");
      expect(await status()).toBe("Знайдено: 1");
      await page.select("#status", "");
      await page.select("#choice-request", "Адвокат");
      const count = Number(/\d+/.exec((await status()) ?? "")?.[0]);
      expect(count).toBeGreaterThan(300);
      expect(count).toBeLessThan(2_000);
      const tables = await page.$$eval("#charts summary", (all) => all.map((each) => each.textContent));
      expect(tables).toEqual(["За днями", "Какая помощь нужна"]);
      await page.select("#choice-request", "");
    });

    it("fits a narrow screen, with every table of counts open", async () => {
      const press = () =>
        page.$$eval("#charts summary", (all) => {
          for (const each of all) (each as HTMLElement).click();
        });
      await page.setViewport({ width: 360, height: 800 });
      await press();
      await poll("the open tables", async () => (await page.$$("#charts details[open] table")).length === 2);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await press();
      await page.setViewport({ width: 1280, height: 800 });
    });

    it("speaks English when asked", async () => {
      await page.focus("button[lang=en]");
      await page.keyboard.press("Enter");
      expect(await status()).toBe("Found: 2003");
      expect(await page.title()).toBe("Cases");
    });

    it("saves what is shown as a table in which no cell is a formula", async () => {
      await search("редкостноеслово");
      await openTables();
      await page.focus("#csv");
      await page.keyboard.press("Enter");
      const name = await poll("the table", async () => (await readdir(downloads)).find((each) => each === "cases.csv"));
      const table = await poll("its contents", async () => (await readFile(join(downloads, name), "utf8")) || null);
      expect(table.split("\r\n")[0]).toMatch(/"prisoner","charge","place","letter"$/);
      expect(table.match(/"'=1\+1"/g)).toHaveLength(2);
      expect(table.split("\r\n")).toHaveLength(3);
    });

    it("asks for nothing but the picture beside it", () => {
      const outside = requests.filter(
        (url) => !url.startsWith("file:") && !url.startsWith("blob:") && !url.startsWith("data:"),
      );
      expect(outside).toEqual([]);
    });

    it("shows a part of cases that are meant to be too large, and says which", async () => {
      const hostile = await mkdtemp(join(tmpdir(), "postern-index-"));
      try {
        await makeCases(hostile, 50);
        for (const digit of ["c", "d", "e"]) {
          const questions = Array.from({ length: 2_000 }, (_, index) => [
            `${digit}${index}`,
            { question: `Question ${index}`, chosen: [{ label: "A".repeat(2_000) }] },
          ]);
          await putCase(hostile, `submission-${digit.repeat(8)}`, {
            record: { case: digit.repeat(32), choices: Object.fromEntries(questions) },
            letter: `Письмо\n\nначало${digit}\n${"A".repeat(4 * 1024 ** 2)}`,
            day: "2026-11-23",
          });
        }
        const other = await kind.newPage(browser);
        await other.goto(pathToFileURL(await writeCaseIndex(hostile)).href);
        await untilAll(other, 53);
        const said = await other.$$eval("main > .alert", (all) => all.map((each) => each.textContent));
        expect(said).toEqual([expect.stringMatching(/лише частина.*: 3\./)]);
        expect(await other.$eval("[role=status]", (element) => element.textContent)).toBe("Знайдено: 53");
        expect((await other.$$("select")).length).toBeLessThan(70);
        await other.focus("#search");
        await other.keyboard.type("началоc");
        await poll("the case", async () => ((await other.$$("details.case")).length === 1 ? true : null));
        await other.focus("details.case summary");
        await other.keyboard.press("Enter");
        const alert = await poll("the note", () => other.$eval("details.case .alert", (each) => each.textContent));
        expect(alert).toContain("Показано лише частину");
        await other.close();
      } finally {
        await rm(hostile, { recursive: true, force: true });
      }
    });
  });
}
