import { appendFile, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteCase, readCases } from "../../src/desk/index.js";
import { violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { putCase } from "../support/cases.js";
import { inTurn } from "../support/length.js";
import { removeFolder } from "../support/temporary.js";
import { type RunningWorkbench, startWorkbench } from "../support/workbench.js";

const IDS = ["a", "b"].map((digit) => digit.repeat(32));
const [A = "", B = ""] = IDS;
const D = "d".repeat(32);

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`the workbench in ${kind.name}`, () => {
    let browser: Browser;
    let page: Page;
    let folder: string;
    let workbench: RunningWorkbench;
    const requests: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
      for (const id of IDS) {
        await putCase(folder, `submission-${id.slice(0, 8)}`, {
          record: {
            case: id,
            answers: { prisoner: `<b>Семёнов</b> ${id[0]}` },
            reply: { mailbox: id, key: `${"c".repeat(51)}q` },
          },
          letter: "Письмо",
          day: id === A ? "2026-11-23" : "2026-11-22",
          files: [{ name: "p.png", contents: await readFile(new URL("../support/dot.png", import.meta.url)) }],
        });
      }
      workbench = await startWorkbench(folder);
      browser = await kind.launch();
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
      await page.goto(workbench.newAddress());
      await poll("the list", () => page.$("#who"));
      await page.$eval("button[lang=en]", (each) => (each as HTMLElement).click());
    });
    afterAll(async () => {
      await browser.close();
      workbench.stop();
      await removeFolder(folder);
    });

    const facts = (id: string) => page.$eval(`[data-case="${id}"] summary`, (each) => each.textContent ?? "");
    const statusOf = async (id: string) => {
      for await (const one of readCases(folder)) if (one.id === id) return one.status;
      return null;
    };

    it("takes the token out of the address, and lets no second browser in", async () => {
      expect(await page.evaluate(() => location.href)).not.toContain("#");
      const other = await kind.newPage(browser);
      await other.goto(await page.evaluate(() => location.origin));
      await poll("the refusal", () => other.$("main .alert"));
      expect(await other.$("#who")).toBeNull();
      await other.close();
    });

    it("shows a change as saved only once it is on the disk", async () => {
      await page.focus("#who");
      await page.keyboard.type("Анна");
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("j");
      await page.keyboard.press("4");
      await poll("it to be saved", async () =>
        (await page.$eval(".told-saved", (each) => each.textContent)) === "Saved on the disk." ? true : null,
      );
      expect(await statusOf(A)).toBe("answered");
      expect(await facts(A)).toContain("answered");
      const [name = ""] = (await readdir(join(folder, "notes"))).filter((each) => each.endsWith(".jsonl"));
      expect(await readFile(join(folder, "notes", name), "utf8")).toContain("Анна");
    });

    it("draws a picture when asked", async () => {
      await page.keyboard.press("Enter");
      const show = await poll("the button", () => page.$(`[data-case="${A}"] li button`));
      await show.focus();
      await page.keyboard.press("Enter");
      expect(await poll("the drawing", () => page.$eval("canvas", (each) => [each.width, each.height]))).toEqual([
        1, 1,
      ]);
      expect(await page.$("img, b")).toBeNull();
    });

    it("has no fault for who cannot see, on a phone and a desk, in light and dark", async () => {
      for (const value of ["light", "dark"]) {
        if (kind.name === "Chromium") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        for (const width of [360, 1280]) {
          await page.setViewport({ width, height: 900 });
          expect(await violations(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        }
      }
    });

    it("comes back after a reload with what was saved", async () => {
      await page.reload();
      await poll("the list", () => page.$("#who"));
      expect(await facts(A)).toContain("відповіли");
      expect(await facts(B)).toContain("нова");
    });

    const event = (clock: number, by: string, id: string, set: object) =>
      `${JSON.stringify({ desk: "desk-b", clock, at: "2026-11-24T10:00:00.000Z", by, case: id, replaces: [], set })}\n`;

    it("shows what another desk's log says while it runs, and leaves what somebody is typing", async () => {
      await page.focus(`[data-case="${B}"] summary`);
      await page.keyboard.press("n");
      await poll("the field", async () =>
        (await page.evaluate(() => document.activeElement?.className)) === "work-note" ? true : null,
      );
      await page.keyboard.type("половина мысли");
      const log = join(folder, "notes", "desk-b.jsonl");
      await writeFile(
        log,
        event(50, "Борис", B, { note: "<i>написал</i>" }) + event(51, "Борис", B, { tag: "срочно", on: true }),
      );
      await poll("the tag", async () => ((await facts(B)).includes("#срочно") ? true : null));
      expect(await page.$eval(`[data-case="${B}"] .notes`, (each) => each.textContent)).toContain("<i>написал</i>");
      expect(await page.$eval("*:focus", (each) => (each as HTMLTextAreaElement).value)).toBe("половина мысли");
      const offered = await page.$$eval("#tag option", (all) => all.map((each) => each.textContent));
      expect(offered).toContain("срочно");
    });

    it("leaves a name that somebody is typing where another one was set meanwhile", async () => {
      await page.focus(`[data-case="${B}"] input[id$="-assignee"]`);
      await page.keyboard.type("Вер");
      await appendFile(join(folder, "notes", "desk-b.jsonl"), event(52, "Борис", B, { assignee: "Борис" }));
      await poll("the assignee", async () => ((await facts(B)).includes("Борис") ? true : null));
      expect(await page.$eval("*:focus", (each) => (each as HTMLInputElement).value)).toBe("Вер");
      for (let typed = 0; typed < 3; typed += 1) await page.keyboard.press("Backspace");
      await page.keyboard.type("Борис");
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    });

    it("shows a second tab's changes in the first", async () => {
      const kept = await page.evaluate(() => sessionStorage.getItem("postern-token") ?? "");
      const other = await kind.newPage(browser);
      await other.goto(await page.evaluate(() => location.origin));
      await poll("the refusal", () => other.$("main .alert"));
      await other.evaluate((token) => sessionStorage.setItem("postern-token", token), kept);
      await other.reload();
      await (await poll("the name", () => other.$("#who"))).focus();
      await other.keyboard.type("Вера");
      await other.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await other.keyboard.press("j");
      await other.keyboard.press("3");
      await page.bringToFront();
      await poll("the status", async () => ((await facts(A)).includes("чекаємо") ? true : null));
      await other.close();
    });

    it("names a colleague's log that is damaged, and loses nothing else of it", async () => {
      await appendFile(join(folder, "notes", "desk-b.jsonl"), `[}\n${event(53, "Борис", A, { tag: "цел", on: true })}`);
      await poll("the name of the log", async () =>
        (await page.$$eval("main .alert", (all) => all.map((each) => each.textContent ?? ""))).some((each) =>
          each.includes("desk-b.jsonl"),
        )
          ? true
          : null,
      );
      expect(await facts(A)).toContain("#цел");
    });

    it("shows a case that has come, and forgets one that was deleted", async () => {
      const id = "c".repeat(32);
      const newer = { record: { case: id }, letter: "Новое", day: "2026-11-24" };
      await putCase(folder, `submission-${D.slice(0, 8)}`, {
        ...newer,
        record: { case: D, answers: { prisoner: "Петров Иван" }, reply: { mailbox: D, key: `${"c".repeat(51)}q` } },
        day: "2026-11-20",
      });
      await putCase(folder, "submission-cccccccc", newer);
      // Nobody is to be disturbed: a case is open.
      const renew = await poll("the offer", () => page.$("main > div > button:not([hidden])"));
      await renew.focus();
      await page.keyboard.press("Enter");
      await poll("the case", () => page.$(`[data-case="${id}"]`));
      const found = { caseId: B, folder: join(folder, `submission-${B.slice(0, 8)}`), submissions: [] };
      await deleteCase(folder, found, join(folder, "outbox"));
      await poll("the case to go", async () => ((await page.$(`[data-case="${B}"]`)) === null ? true : null));
      expect(await page.evaluate(() => document.body.textContent)).not.toContain("написал");
    });

    it("answers all selected cases from a template, after showing what would be sent", async () => {
      await mkdir(join(folder, "templates"));
      await writeFile(join(folder, "templates", "lawyer.ru.txt"), "О деле {name}.\n");
      await page.focus("#who");
      await page.keyboard.type("Анна");
      await (await poll("the button", () => page.$("#choose-all"))).focus();
      await page.keyboard.press("Enter");
      await page.focus("#answer > summary");
      await page.keyboard.press("Enter");
      await poll("the template", () => page.$("#answer-template option[value=lawyer]"));
      await page.select("#answer-template", "lawyer");
      await page.focus("#answer-preview");
      await page.keyboard.press("Enter");
      const shown = await poll("the texts", async () => {
        const texts = await page.$$eval(".answers article", (all) => all.map((each) => each.textContent ?? ""));
        return texts.length === 3 ? texts : null;
      });
      // The one of which the name is no name can only be answered with a text of its own.
      expect(shown.filter((text) => text.includes("О деле Петров Иван."))).toHaveLength(1);
      expect(shown.filter((text) => text.includes("простими словами"))).toHaveLength(1);
      expect(shown.filter((text) => text.includes("без коду"))).toHaveLength(1);
      expect(await readdir(folder)).not.toContain("outbox");
      for (const width of [360, 1280]) {
        await page.setViewport({ width, height: 900 });
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
      await page.focus("#answer-send");
      await page.keyboard.press("Enter");
      await poll("the status", async () => ((await facts(D)).includes("відповіли") ? true : null));
      expect(await page.$eval("#answer [role=status]", (each) => each.textContent)).toContain("Записано: 1.");
      expect(await readdir(join(folder, "outbox"))).toEqual([`${"d".repeat(32)}-1.reply.gpg`]);
      expect(await statusOf(D)).toBe("answered");
    });

    it("says that nothing was saved once nobody keeps it", async () => {
      const newest = "c".repeat(32);
      const before = await facts(newest);
      workbench.stop();
      await page.focus("#who");
      await page.keyboard.type("Анна");
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("j");
      await page.keyboard.press("5");
      await poll("the fault", () => page.$(".told-saved.fault"));
      expect(await facts(newest)).toBe(before);
      expect(await statusOf(newest)).toBe("new");
      await poll("the page to say who is gone", async () =>
        (await page.$$eval("main .alert", (all) => all.map((each) => each.textContent ?? ""))).some((each) =>
          each.includes("не відповідає"),
        )
          ? true
          : null,
      );
    });

    it("speaks with nobody but the command", () => {
      const origin = new URL(requests.find((url) => url.startsWith("http:")) ?? "").origin;
      const others = requests.filter((url) => !url.startsWith(origin) && !/^(?:blob|data|about):/.test(url));
      expect(others).toEqual([]);
    });
  });
}
