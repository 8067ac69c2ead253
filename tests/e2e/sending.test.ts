import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenLine } from "../support/broken-line.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { Operator } from "../support/operator.js";
import { beginPost } from "../support/raw-request.js";
import { Random, WITH_SEED } from "../support/seed.js";

const MIB = 1024 * 1024;
const LETTER = "Здравствуйте! Помогите, пожалуйста.";

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name}, sending`, () => {
    const session = browserSession(kind);

    it(`arrives whole and once over a line cut five times and a server killed and restarted ${WITH_SEED}`, async () => {
      const { folder, form } = session;
      const operator = new Operator(join(folder, "operator"));
      await operator.start();
      const random = new Random("cut line");
      const contents = Buffer.from(random.bytes(6 * MIB));
      const line = session.stopLater(
        await brokenLine(
          () => operator.url,
          // The page itself comes through unharmed; then it breaks, the last time late.
          [100_000, ...Array.from({ length: 4 }, () => random.integer(50_000, 900_000))],
        ),
      );
      try {
        await form.visit(line.url);
        await form.write("message", LETTER);
        await form.attach({ name: "видео.mp4", contents });
        await form.press("#send");
        await poll("two cuts", async () => (line.breaks() >= 2 ? true : null));
        await operator.killAndRestart();
        await poll("the receipt", async () => ((await form.text("h1")).includes("Письмо у нас") ? true : null), 90_000);
        expect(line.breaks()).toBe(5);
      } finally {
        await operator.stop();
      }
      expect(await operator.stored("submissions")).toHaveLength(1);
      const { cases } = await operator.open();
      expect(cases.map(({ record }) => record.answers)).toEqual([{ message: LETTER }]);
      expect(cases[0]?.files[0]?.contents.equals(contents)).toBe(true);
    });

    it("shows how far it is, waits when paused, and goes on", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await form.visit(await session.slowly(portal, 600_000));
      await form.attach({ name: "видео.mp4", contents: Buffer.alloc(4 * MIB) });
      await form.press("#send");
      const bar = () => page.$eval("progress", ({ value, max }) => value / max);
      await poll("the bar to move", async () => ((await bar()) > 0.05 ? true : null));
      expect(await form.text(".sending [role=status]")).toBe("Шифруем и отправляем…");
      expect(await form.text(".sending .note")).toMatch(/Отправлено \d+(,\d)?\s(КБ|МБ) из 4,\d\sМБ/);
      await form.press(".sending button");
      await form.untilText(".sending [role=status]", "Остановлено");
      // The piece that is on its way still arrives; then nothing moves any more, and it is not the end.
      const paused = await poll("the bar to stand still", async () => {
        const before = await bar();
        // Over the same line, on which another piece would have set out by the time the second comes back.
        for (const round of ["first", "second"])
          await page.evaluate(async (query) => (await fetch(`/healthz?${query}`)).status, round);
        return portal.answering() === 0 && (await bar()) === before ? before : null;
      });
      expect(paused).toBeLessThan(1);
      await form.press(".sending button");
      await form.untilStored();
      expect((await portal.open())[0]?.files[0]?.contents.length).toBe(4 * MIB);
    });

    it("does the work that a server under attack asks for, and says why", async () => {
      const { form, page } = session;
      const portal = await session.startPortal({ limits: { places: 4 } });
      await form.visit(portal.url);
      await form.write("message", LETTER);
      // Said for as long as the work takes, which is no time to look on a fast machine.
      await page.evaluate(() => {
        const said: string[] = [];
        Object.assign(globalThis, { said });
        new MutationObserver(() => {
          said.push(document.querySelector(".sending [role=status]")?.textContent ?? "");
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      const held: Socket[] = [];
      for (let index = 0; index < 2; index += 1) {
        const head = { "Content-Length": "1000000", Expect: "100-continue" };
        const socket = await beginPost(`${portal.url}/ru/submit`, head);
        held.push(socket.on("error", () => undefined));
        await once(socket, "data");
      }
      try {
        await form.press("#send");
        await form.untilStored();
        const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join("\n"));
        expect(said).toContain("Браузер несколько секунд решает задачу");
        expect((await portal.open())[0]?.record.answers).toEqual({ message: LETTER });
      } finally {
        for (const socket of held) socket.destroy();
      }
    });

    it("cancels: nothing stays on the server, everything stays in the form, and it can be sent again", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await form.visit(await session.slowly(portal, 600_000));
      await form.write("message", LETTER);
      await form.attach({ name: "видео.mp4", contents: Buffer.alloc(3 * MIB) });
      await form.press("#send");
      await poll("the bar to move", async () =>
        (await page.$eval("progress", ({ value }) => value)) > 100_000 ? true : null,
      );
      await form.press(".sending button:nth-of-type(2)");
      await form.untilText("#client-state", "Отменено");
      expect(await page.$("#client-state .fault")).toBeNull();
      expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
      expect(await portal.stored()).toEqual([]);
      expect(await page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toBe(LETTER);
      expect(await form.text(".documents")).toContain("видео.mp4");
      await form.press("#send");
      await form.untilStored();
      expect(await portal.stored()).toHaveLength(1);
    });

    it("keeps the screen on while it is sent, and no longer, however it ends", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      // What the browser itself does with the screen, nobody can see from here.
      await page.evaluateOnNewDocument(() => {
        const held: { released: boolean }[] = [];
        Object.assign(window, { held });
        const request = async () => {
          const lock = { released: false, release: async () => void Object.assign(lock, { released: true }) };
          held.push(lock);
          return lock;
        };
        Object.defineProperty(navigator, "wakeLock", { value: { request } });
      });
      const released = () =>
        page.evaluate(() => (window as unknown as { held: { released: boolean }[] }).held.map((lock) => lock.released));
      await form.visit(await session.slowly(portal, 600_000));
      expect(await released()).toEqual([]);
      await form.attach({ name: "видео.mp4", contents: Buffer.alloc(3 * MIB) });
      await form.press("#send");
      await poll("the lock", async () => ((await released()).length === 1 ? true : null));
      expect(await released()).toEqual([false]);
      await form.press(".sending button:nth-of-type(2)");
      await form.untilText("#client-state", "Отменено");
      expect(await released()).toEqual([true]);
      await form.press("#send");
      await form.untilStored();
      expect(await released()).toEqual([true, true]);
    });

    it("warns before the page is left from the first document to the receipt, and not before", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      const leaving = () => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
      await form.visit(await session.slowly(portal, 300_000));
      expect(await leaving()).toBe(false);
      await form.attach({ name: "видео.mp4", contents: Buffer.alloc(MIB) });
      await poll("the document", () => page.$(".documents li"));
      expect(await leaving()).toBe(true);
      await form.press("#send");
      await poll("the bar", () => page.$("progress"));
      expect(await leaving()).toBe(true);
      await form.untilStored();
      expect(await leaving()).toBe(true);
    });

    it("lists documents with their sizes, takes them out again, and tells at once what is too much", async () => {
      const { form } = session;
      const portal = await session.startPortal({ config: { maxSubmission: 2 * MIB, maxFiles: 3 } });
      await form.visit(portal.url);
      await form.attach(
        { name: "один.jpg", contents: Buffer.alloc(MIB) },
        { name: "два.jpg", contents: Buffer.alloc(MIB) },
      );
      expect(await form.text(".documents")).toMatch(/один\.jpg[\s\S]*1\sМБ[\s\S]*два\.jpg/);
      await form.attach({ name: "три.jpg", contents: Buffer.alloc(1) });
      await form.untilText(".field .fault", "больше 2");
      await form.attach({ name: "четыре.jpg", contents: Buffer.alloc(1) });
      await form.untilText(".field .fault", "не больше 3");
      await form.press("#send");
      await form.untilText("#form > .alert", "не больше 3");
      expect(await portal.underWay()).toEqual([]);
      // Only the list with pictures and sizes, which comes later than the plain one, can put back.
      await form.untilText(".field [role=status]", "Файлов: 4");
      await form.press(".documents li:nth-child(2) button");
      expect(await form.text(".documents li:nth-child(2)")).toContain("Убрано: два.jpg");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ name }) => name)).toEqual(["один.jpg", "три.jpg", "четыре.jpg"]);
    });

    it("takes documents that are dropped anywhere on the page", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await form.visit(portal.url);
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["два"], "справка.pdf"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      });
      await form.untilText(".documents", "справка.pdf");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ contents }) => contents.toString())).toEqual(["два"]);
    });

    // Only Chromium lets a test drop what lies on the disk.
    it.runIf(kind.name === "Chromium")("takes the files of a folder that is dropped, or names it", async () => {
      const { form, page, folder } = session;
      const portal = await session.startPortal({ config: { maxFiles: 3 } });
      await form.visit(portal.url);
      const put = async (name: string, files: readonly string[]) => {
        const path = join(folder, name);
        for (const file of files) {
          await mkdir(dirname(join(path, file)), { recursive: true });
          await writeFile(join(path, file), file);
        }
        const session = await page.createCDPSession();
        const data = { items: [], files: [path], dragOperationsMask: 1 };
        for (const type of ["dragEnter", "dragOver", "drop"] as const) {
          await session.send("Input.dispatchDragEvent", { type, x: 20, y: 20, data });
        }
        await session.detach();
      };
      await put("суд", ["иск.pdf", "внутри/решение.pdf", ".DS_Store"]);
      await form.untilText(".documents", "решение.pdf");
      await put("архив", ["1", "2", "3", "4"]);
      await form.untilText(".field .fault", "«архив»");
      await form.press("#send");
      await form.untilStored();
      const names = (await portal.open())[0]?.files.map(({ name }) => name);
      expect(names?.sort()).toEqual(["иск.pdf", "решение.pdf"]);
    });

    it("asks for something to be written, beside the question", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      await form.visit(portal.url);
      await form.press("#send");
      await form.untilText("#question-message .fault", "Напишите письмо или приложите документ");
      expect(await page.$("#form > .alert")).toBeNull();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("field-message");
      expect(await portal.stored()).toEqual([]);
    });

    it("can be read and filled in over 50 KiB/s with 400 ms of latency before the client is there, then sends", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      const url = await session.slowly(portal, 50 * 1024, 400);
      await page.goto(`${url}/ru/`, { waitUntil: "domcontentloaded" });
      expect(await page.$("#send:not(:disabled)")).toBeNull();
      await form.write("message", LETTER);
      expect(await page.$("#send:not(:disabled)")).toBeNull();
      await form.untilSendable();
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.record.answers).toEqual({ message: LETTER });
    });
  });
}
