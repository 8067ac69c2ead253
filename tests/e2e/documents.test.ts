import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, FIREFOX_SAFER, isInstalled, OVER_BUCKET, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import { tamperingLine } from "../support/tampering-line.js";

const PHONE = { width: 360, height: 740 };
/** Of the list of 30 documents; it was 2,865. */
const MAX_HEIGHT = 700;
const CHOICE = "#pictures";
const LETTER = "Здравствуйте!";
/** What both browsers decode. */
const DECODED = ["phone.jpg", "progressive.jpg", "screenshot.png", "phone.webp", "animated.webp", "phone.avif"];

const vector = (file: string, name = file) => ({ name, contents: pictureVector(file) });
const status = (page: Page) => page.$eval(".field [role=status]", (element) => element.textContent ?? "");

/** Where the focus is, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return `${element?.closest("li")?.querySelector("bdi")?.textContent}: ${element?.textContent}`;
  });

/** How a browser shows a picture: its size and every pixel of it. */
async function decoded(page: Page, bytes: Buffer): Promise<string> {
  return page.evaluate(async (base64) => {
    const binary = atob(base64);
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(binary, (each) => each.charCodeAt(0))]));
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: new Uint8ClampedArray(0) };
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return `${bitmap.width}x${bitmap.height} ${digest.join(" ")}`;
  }, bytes.toString("base64"));
}

for (const kind of (OVER_BUCKET ? [] : inTurn([...BROWSERS, FIREFOX_SAFER], 0)).filter(isInstalled)) {
  describe(`${kind.name}: documents`, () => {
    const session = browserSession(kind);

    async function visit(language = "ru") {
      const portal = await session.startPortal();
      await session.page.setViewport(PHONE);
      await session.form.visit(portal.url, language);
      return portal;
    }

    it("are added up and read out; one that is taken out can be put back, and the focus stays", async () => {
      const { form, page } = session;
      const portal = await visit();
      await form.attach(
        { name: "один.pdf", contents: Buffer.alloc(1024, 1) },
        { name: "два.pdf", contents: Buffer.alloc(2048, 2) },
        { name: "три.pdf", contents: Buffer.alloc(1024, 3) },
      );
      await form.untilText(".field [role=status]", "Файлов: 3. Вместе: 4\u00a0КБ");
      await form.press(".documents li:nth-child(2) button");
      expect(await focused(page)).toBe("два.pdf: Вернуть");
      expect(await status(page)).toContain("Файлов: 2. Вместе: 2");
      await page.keyboard.press("Enter");
      expect(await focused(page)).toBe("два.pdf: Убрать");
      expect(await status(page)).toContain("Файлов: 3. Вместе: 4");
      await form.press(".documents li:nth-child(3) button");
      await form.press(".documents li:nth-child(1) button");
      expect(await form.text(".documents")).not.toContain("три.pdf");
      expect(await focused(page)).toBe("один.pdf: Вернуть");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ name }) => name)).toEqual(["два.pdf"]);
    });

    it("are told at once to be empty or there twice", async () => {
      const { form } = session;
      await visit();
      await form.attach(
        { name: "пусто.txt", contents: Buffer.alloc(0) },
        { name: "а.txt", contents: Buffer.from("а") },
      );
      await form.untilText(".documents li:nth-child(1)", "Файл пустой");
      await form.attach({ name: "копия.txt", contents: Buffer.from("а") });
      await form.untilText(".documents li:nth-child(3)", "уже есть");
      expect(await form.text(".documents li:nth-child(2)")).not.toContain("уже есть");
    });

    it("are a short list when they are many, and a long name does not make the page wider", async () => {
      const { form, page } = session;
      await visit();
      const long = `${"справка".repeat(15)}.pdf`;
      const more = Array.from({ length: 29 }, (_none, index) => ({
        name: `${index}.txt`,
        contents: Buffer.from(`${index}`),
      }));
      await form.attach({ name: long, contents: Buffer.from("x") }, ...more);
      await form.untilText(".field [role=status]", "Файлов: 30");
      const height = () => page.$eval(".documents", (list) => list.getBoundingClientRect().height);
      expect(await height()).toBeLessThan(MAX_HEIGHT);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      await form.press(".field [aria-expanded=false]");
      expect(await page.$$eval(".documents li", ({ length }) => length)).toBe(30);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      await form.press(".field [aria-expanded=true]");
      expect(await height()).toBeLessThan(MAX_HEIGHT);
    });

    it("are named where they cannot be read", async () => {
      const { form, page, folder } = session;
      const portal = await visit();
      await form.write("message", LETTER);
      await form.attach(
        { name: "цел.txt", contents: Buffer.from("1") },
        { name: "пропал.txt", contents: Buffer.from("2") },
      );
      await form.untilText(".field [role=status]", "Файлов: 2");
      await rm(join(folder, "пропал.txt"));
      await form.press("#send");
      await form.untilText(".field > .fault", "Не читается: «пропал.txt»");
      expect(await form.text(".documents li:nth-child(2)")).toContain("Файл не читается");
      await poll("the button", () => page.$("#send:not(:disabled)"));
      await form.press(".documents li:nth-child(2) button");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ name }) => name)).toEqual(["цел.txt"]);
    });

    it("show small pictures, made on the device: nothing of them has an address", async () => {
      const { form, page } = session;
      const portal = await visit();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await form.attach(vector("phone.jpg"), vector("plain.png"), vector("phone.webp"), {
        name: "a.txt",
        contents: Buffer.from("x"),
      });
      await poll("three small pictures", async () => ((await page.$$(".documents canvas")).length === 3 ? true : null));
      const drawn = await page.$$eval(".documents canvas", (all) =>
        all.map((canvas) => {
          const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, 96, 96).data;
          return new Set(pixels).size;
        }),
      );
      for (const colours of drawn) expect(colours).toBeGreaterThan(20);
      expect(await page.$$eval("img, [src^='blob:'], [src^='data:']", ({ length }) => length)).toBe(0);
      for (const url of asked) expect(url.startsWith(`${portal.url}/build/`)).toBe(true);
    });

    it("go as they are unless the person chooses otherwise, and say what is in them", async () => {
      const { form, page } = session;
      const portal = await visit();
      await form.attach(vector("phone.jpg"), vector("plain.jpg"));
      await form.untilText(".documents li:nth-child(1)", "Внутри: место 55.75120, 37.61840 · 3 мая 2024");
      expect(await form.text(".documents li:nth-child(1)")).toContain("samsung SM-A515F");
      expect(await form.text(".documents li:nth-child(2)")).not.toContain("Внутри");
      expect(await form.text(".pictures")).toContain("Снимков с такими данными: 1");
      expect(await page.$eval(CHOICE, (box) => (box as HTMLInputElement).checked)).toBe(false);
      await form.press("#send");
      await form.untilStored();
      const [phone] = (await portal.open())[0]?.files ?? [];
      expect(phone?.contents.equals(pictureVector("phone.jpg"))).toBe(true);
    });

    it("go without place, time and camera where the person chooses so, and look the same", async () => {
      const { form, page } = session;
      const portal = await visit();
      await form.attach(...DECODED.map((file) => vector(file)), vector("phone.heic"), {
        name: "a.pdf",
        contents: Buffer.from("%PDF"),
      });
      await form.untilText(".pictures", "Снимков с такими данными: 7");
      await form.press(".field [aria-expanded=false]");
      await page.focus(CHOICE);
      await page.keyboard.press(" ");
      await form.untilText(".documents li:nth-child(7)", "Уйдёт без этого");
      await form.press("#send");
      await form.untilStored();
      const sent = (await portal.open())[0]?.files ?? [];
      expect(sent.map(({ name }) => name)).toEqual([...DECODED, "phone.heic", "a.pdf"]);
      for (const { contents } of sent) {
        for (const needle of [PICTURES.canary, "samsung", "2024:05:03"]) expect(contents.includes(needle)).toBe(false);
      }
      for (const [index, file] of DECODED.entries()) {
        const copy = sent[index]?.contents ?? Buffer.alloc(0);
        expect([file, await decoded(page, copy)]).toEqual([file, await decoded(page, pictureVector(file))]);
      }
    });

    it("are not sent while the data cannot be taken out of one of them; it is named", async () => {
      const { form, page } = session;
      const portal = await visit();
      const broken = pictureVector("phone.jpg").subarray(0, 4_000);
      await form.attach(vector("phone.jpg"), { name: "обрыв.jpg", contents: broken });
      await form.untilText(".documents li:nth-child(2)", "не получилось");
      await page.focus(CHOICE);
      await page.keyboard.press(" ");
      await form.untilText(".field > .fault", "«обрыв.jpg»");
      await form.press("#send");
      await form.untilText("#form > .alert", "«обрыв.jpg»");
      expect((await form.text("#question-documents")).match(/«обрыв\.jpg»/g)).toHaveLength(1);
      expect(await portal.underWay()).toEqual([]);
      await page.focus(CHOICE);
      await page.keyboard.press(" ");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files.map(({ contents }) => contents.length)).toEqual([
        pictureVector("phone.jpg").length,
        broken.length,
      ]);
    });

    it("are named as well if they are pictures of a kind that is not taken apart", async () => {
      const { form, page } = session;
      const portal = await visit();
      const scan = { name: "скан.tif", contents: Buffer.from("II*\0\x08\0\0\0\0\0\0\0", "latin1") };
      await form.attach(vector("phone.jpg"), scan, { name: "рисунок.bmp", contents: Buffer.from("BM and so on") });
      await form.untilText(".documents li:nth-child(2)", "не получилось");
      await form.untilText(".documents li:nth-child(3)", "не получилось");
      await page.focus(CHOICE);
      await page.keyboard.press(" ");
      await form.press("#send");
      await form.untilText("#form > .alert", "«скан.tif», «рисунок.bmp»");
      expect(await portal.underWay()).toEqual([]);
    });

    it("keep the focus when the script for them arrives: what was about to be pressed is pressed", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      let arrive = () => {};
      const arrived = new Promise<null>((resolve) => {
        arrive = () => resolve(null);
      });
      const late = (path: string) => (path.startsWith("/build/later-") ? arrived : null);
      const line = session.stopLater(await tamperingLine(portal.url, late));
      await form.visit(line.url);
      await form.attach(
        { name: "один.pdf", contents: Buffer.from("1") },
        { name: "два.pdf", contents: Buffer.from("2") },
      );
      await poll("the plain list", () => page.$(".documents li:nth-child(2) button"));
      await page.focus(".documents li:nth-child(2) button");
      arrive();
      await form.untilText(".field [role=status]", "Файлов: 2");
      expect(await focused(page)).toBe("два.pdf: Убрать");
      await page.keyboard.press("Enter");
      expect(await focused(page)).toBe("два.pdf: Вернуть");
    });

    it("can be sent where the script for them does not load, and the page says so", async () => {
      const { form } = session;
      const portal = await session.startPortal();
      const later = (path: string) => (path.startsWith("/build/later-") ? { status: 404, body: "" } : null);
      const line = session.stopLater(await tamperingLine(portal.url, later));
      await form.visit(line.url);
      await form.attach(vector("phone.jpg"));
      await form.untilText("#question-documents", "проверка файлов не загрузились");
      expect(await form.text(".documents")).toContain("phone.jpg");
      await form.attach({ name: "лишний.txt", contents: Buffer.from("x") });
      await poll("both", () => session.page.$(".documents li:nth-child(2) button"));
      await form.press(".documents li:nth-child(2) button");
      expect(await session.page.evaluate(() => document.activeElement?.textContent)).toBe("Выбрать файлы");
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open())[0]?.files[0]?.contents.equals(pictureVector("phone.jpg"))).toBe(true);
    });

    it("are not touched by a script that is not the one the page names", async () => {
      const { form, page } = session;
      const portal = await session.startPortal();
      const body = "window.posternLater = { documents: () => { document.title = 'hostile' } };";
      const headers = { "Content-Type": "text/javascript" };
      const later = (path: string) => (path.startsWith("/build/later-") ? { status: 200, body, headers } : null);
      const line = session.stopLater(await tamperingLine(portal.url, later));
      await form.visit(line.url);
      await form.attach(vector("phone.jpg"));
      await form.untilText("#question-documents", "проверка файлов не загрузились");
      expect(await page.evaluate(() => [document.title, String(window.posternLater)])).toEqual([
        expect.not.stringContaining("hostile"),
        "undefined",
      ]);
    });
  });
}
