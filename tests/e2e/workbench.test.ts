import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkbench, readCases, type Workbench } from "../../src/desk/index.js";
import { violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { putCase } from "../support/cases.js";

const IDS = ["a", "b"].map((digit) => digit.repeat(32));
const [A = "", B = ""] = IDS;

for (const kind of BROWSERS.filter(isInstalled)) {
  describe(`the workbench in ${kind.name}`, () => {
    let browser: Browser;
    let page: Page;
    let folder: string;
    let workbench: Workbench;
    const requests: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
      for (const id of IDS) {
        await putCase(folder, `submission-${id.slice(0, 8)}`, {
          record: { case: id, answers: { prisoner: `<b>Семёнов</b> ${id[0]}` } },
          letter: "Письмо",
          day: id === A ? "2026-11-23" : "2026-11-22",
          files: [{ name: "p.png", contents: await readFile(new URL("../support/dot.png", import.meta.url)) }],
        });
      }
      workbench = await createWorkbench(folder, () => undefined);
      workbench.server.listen(0, "127.0.0.1");
      await once(workbench.server, "listening");
      browser = await kind.launch();
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
      await page.goto(workbench.newAddress());
      await poll("the list", () => page.$("#who"));
      await page.$eval("button[lang=en]", (each) => (each as HTMLElement).click());
    });
    afterAll(async () => {
      await browser.close();
      workbench.server.close();
      workbench.server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
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

    it("says that nothing was saved once nobody keeps it", async () => {
      workbench.server.close();
      workbench.server.closeAllConnections();
      await page.focus("#who");
      await page.keyboard.type("Анна");
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("j");
      await page.keyboard.press("5");
      await poll("the fault", () => page.$(".told-saved.fault"));
      expect(await facts(A)).toContain("відповіли");
      expect(await statusOf(A)).toBe("answered");
    });

    it("speaks with nobody but the command", () => {
      const origin = new URL(requests.find((url) => url.startsWith("http:")) ?? "").origin;
      const others = requests.filter((url) => !url.startsWith(origin) && !/^(?:blob|data|about):/.test(url));
      expect(others).toEqual([]);
    });
  });
}
