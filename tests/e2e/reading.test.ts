import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, ElementHandle, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSubmission } from "../../src/core/index.js";
import { createKeyPair, writeCaseIndex } from "../../src/desk/index.js";
import { encryptMessage } from "../../src/openpgp/index.js";
import { violations } from "../support/accessible.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { putCase } from "../support/cases.js";
import {
  goodPdf,
  hostileHeics,
  hostilePdfs,
  hostilePictures,
  type MadeDocument,
} from "../support/hostile-documents.js";
import { recipientOf } from "../support/keys.js";
import { atLength, inTurn } from "../support/length.js";
import { WITH_SEED } from "../support/seed.js";
import { removeFolder } from "../support/temporary.js";
import { type RunningWorkbench, startWorkbench } from "../support/workbench.js";

const VECTORS = new URL("../vectors/pictures/", import.meta.url);
const DESK = new URL("../../dist/desk.html", import.meta.url);
const PASSPHRASE = "six words";
/** The page ends what takes longer than 30 s; the machine may be busy besides. */
const ENDED_MS = 100_000;
const CASE = "a".repeat(32);
const TOO_LARGE = expect.stringContaining("too large");
/** How those that are hostile to the reader itself end, in every browser and every run. */
const ENDS: Readonly<Record<string, unknown>> = {
  // A busy machine may be out of time before it has counted the bytes.
  "many-streams.pdf": expect.stringMatching(/too large|took too long/),
  "forms.pdf": expect.stringContaining("took too long"),
  "locked.pdf": expect.stringContaining("password"),
  "huge.heic": expect.stringMatching(/too large|cannot be shown/),
  "huge.png": TOO_LARGE,
  "huge.jpg": TOO_LARGE,
  "huge.gif": TOO_LARGE,
};
/** Of the others one in so many is read. */
const SHARES = atLength(4, 1);

const good = async (): Promise<readonly MadeDocument[]> => [
  { name: "scan.pdf", contents: goodPdf() },
  { name: "photo.heic", contents: await readFile(new URL("phone.heic", VECTORS)) },
  { name: "photo.png", contents: await readFile(new URL("plain.png", VECTORS)) },
];

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`documents read in ${kind.name} ${WITH_SEED}`, () => {
    let folder: string;
    let browser: Browser;
    let page: Page;
    let outside: Server;
    let workbench: RunningWorkbench;
    let hostile: readonly MadeDocument[];
    const heard: string[] = [];
    const requests: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-reading-"));
      outside = createServer((request, response) => {
        heard.push(request.url ?? "");
        response.end();
      }).listen(0, "127.0.0.1");
      await once(outside, "listening");
      const address = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
      hostile = [...hostilePdfs(address), ...hostileHeics(), ...hostilePictures()];
      await mkdir(join(folder, "cases"));
      await putCase(join(folder, "cases"), "submission-aaaaaaaa", {
        record: { case: CASE },
        letter: `Письмо\n\n${"Моего сына осудили на семь лет, помогите ему найти адвоката. ".repeat(20)}`,
        day: "2026-11-23",
        files: [...(await good()), ...hostile],
      });
      workbench = await startWorkbench(join(folder, "cases"));
      browser = await kind.launch();
      page = await kind.newPage(browser);
      page.on("request", (request) => void requests.push(request.url()));
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      workbench.stop();
      outside.close();
      outside.closeAllConnections();
      await removeFolder(folder);
    });

    const openCase = async () => {
      await poll("the list", () => page.$("details.case summary"));
      await page.$eval("button[lang=en]", (each) => (each as HTMLElement).click());
      await page.focus("details.case summary");
      await page.keyboard.press("Enter");
    };
    const inReader = <Value>(what: string, look: () => Promise<Value | null>) => poll(what, look, ENDED_MS);
    /** Presses the button of a document, and of the warning, if there is one. */
    const read = async (name: string) => {
      await poll("its button", () =>
        page.$$eval(
          "details.case li",
          (items, wanted) => {
            const item = items.find((each) => each.textContent?.startsWith(`${wanted} `));
            const button = item?.querySelector<HTMLElement>(".read");
            button?.focus();
            return button === undefined || button === null ? null : true;
          },
          name,
        ),
      );
      await page.keyboard.press("Enter");
      await poll("the reader", () => page.$(".reader[open]"));
      if ((await page.$(".reader .show")) !== null) await page.keyboard.press("Enter");
    };
    const ended = () =>
      inReader("its end", () =>
        page.evaluate(() => {
          const said = document.querySelector(".reader [role=status].alert")?.textContent ?? "";
          const canvas = document.querySelector<HTMLCanvasElement>(".reader canvas:not([hidden])");
          const idle = document.querySelector(".reader [role=status]")?.textContent === "";
          return said !== "" ? said : canvas !== null && idle && canvas.width > 0 ? "drawn" : null;
        }),
      );
    const close = async () => {
      await page.keyboard.press("Escape");
      await poll("the page", async () => ((await page.$(".reader")) === null ? true : null));
    };
    /** The colour at a place of the canvas, in parts of its width and height from its middle. */
    const colour = (right: number, down: number) =>
      page.$eval(
        ".reader canvas",
        (each, x, y) => {
          const canvas = each as HTMLCanvasElement;
          const [width, height] = [canvas.width, canvas.height];
          const at = [Math.round(width / 2 + width * x), Math.round(height / 2 + height * y)] as const;
          return [...(canvas.getContext("2d")?.getImageData(...at, 1, 1).data ?? [])].join();
        },
        right,
        down,
      );
    const text = (selector: string) => page.$eval(selector, (each) => each.textContent);
    const [RED, BLUE, GREEN] = ["255,0,0,255", "0,0,255,255", "0,255,0,255"];

    describe("at the workbench", () => {
      beforeAll(async () => {
        await page.goto(workbench.newAddress());
        await openCase();
      });

      it("shows the pages of a PDF, larger, turned and magnified, by keys alone", async () => {
        await read("scan.pdf");
        expect(await ended()).toBe("drawn");
        expect(await text(".reader-page")).toBe("Page 1 of 2");
        expect([await colour(-0.02, 0), await colour(0.02, 0)]).toEqual([RED, BLUE]);
        const before = await text(".reader-scale");
        await page.keyboard.press("+");
        expect(await text(".reader-scale")).not.toBe(before);
        await page.keyboard.press("-");
        expect(await text(".reader-scale")).toBe(before);
        await page.keyboard.press("r");
        expect([await colour(0, -0.1), await colour(0, 0.1)]).toEqual([RED, BLUE]);
        for (let turn = 0; turn < 3; turn += 1) await page.keyboard.press("r");
        await page.keyboard.press("m");
        expect(await page.$eval(".reader [aria-pressed]", (each) => each.getAttribute("aria-pressed"))).toBe("true");
        // The magnifier goes to the right, away from the middle, which was at the border of the colours.
        for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
        await page.keyboard.press("m");
        await page.keyboard.press("PageDown");
        await inReader("the second page", async () => ((await text(".reader-page")) === "Page 2 of 2" ? true : null));
        await inReader("its colour", async () => ((await colour(0, 0)) === GREEN ? true : null));
        await close();
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Show the pages");
      });

      it("moves what is larger than the screen, and never off it", async () => {
        await read("scan.pdf");
        expect(await ended()).toBe("drawn");
        for (let step = 0; step < 12; step += 1) await page.keyboard.press("+");
        for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowRight");
        expect(await colour(-0.45, 0)).toBe(BLUE);
        for (let step = 0; step < 120; step += 1) await page.keyboard.press("ArrowLeft");
        expect(await colour(0.45, 0)).toBe(RED);
        await page.keyboard.press("0");
        expect([await colour(-0.02, 0), await colour(0.02, 0)]).toEqual([RED, BLUE]);
        await close();
      });

      it.each(["photo.heic", "photo.png"])("draws %s", async (name) => {
        await read(name);
        expect(await ended()).toBe("drawn");
        expect((await colour(0, 0)).endsWith(",255")).toBe(true);
        await close();
      });

      it("leaves the case below as it is, whatever key is pressed", async () => {
        await page.focus("#who");
        await page.keyboard.type("A");
        const facts = await text("details.case .facts");
        await read("photo.png");
        expect(await ended()).toBe("drawn");
        for (const key of ["4", "x", "u", "j"] as const) await page.keyboard.press(key);
        await close();
        expect(await text("details.case .facts")).toBe(facts);
      });

      it("shows letters in lines of about 65 characters", async () => {
        const [characters = 0, lines = 1] = await page.$eval(".letter", (each) => {
          const height = Number.parseFloat(getComputedStyle(each).lineHeight);
          return [each.textContent?.length, Math.round((each.clientHeight - 24) / height)];
        });
        expect(characters / lines).toBeGreaterThan(50);
        expect(characters / lines).toBeLessThan(80);
      });

      it("has no fault for who cannot see, on a phone and a desk, in light and dark", async () => {
        const check = async () => {
          for (const value of ["light", "dark"]) {
            if (kind.name === "Chromium") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
            for (const width of [360, 1280]) {
              await page.setViewport({ width, height: 900 });
              expect(await violations(page)).toEqual([]);
              expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
              const reader = await page.$eval(".reader", (each) => each.scrollWidth - each.clientWidth);
              expect(reader).toBeLessThanOrEqual(0);
            }
          }
        };
        await page.$$eval(".read", ([first]) => (first as HTMLElement).focus());
        await page.keyboard.press("Enter");
        await poll("the warning", () => page.$(".reader[open] .alert"));
        await check();
        await page.keyboard.press("Enter");
        expect(await ended()).toBe("drawn");
        await check();
        await close();
      });

      it("ends with every hostile document, in words, and never asks anybody for anything", async () => {
        const others = hostile.filter(({ name }) => !(name in ENDS));
        const ours = others.filter((_each, index) => index % SHARES === 0);
        const share = [...hostile.filter(({ name }) => name in ENDS), ...ours];
        const ends: Record<string, string> = {};
        for (const { name } of share) {
          // What its type cannot be told of has no button.
          const has = await page.$$eval(
            "details.case li",
            (items, wanted) => {
              const item = items.find((each) => each.textContent?.startsWith(`${wanted} `));
              return (item?.querySelector(".read") ?? null) !== null;
            },
            name,
          );
          if (!has) continue;
          await read(name);
          ends[name] = await ended();
          // The page still answers.
          expect(await page.evaluate(() => 1 + 1)).toBe(2);
          await close();
        }
        expect(ends).toMatchObject(ENDS);
        for (const said of Object.values(ends)) expect(said).toMatch(/^drawn$|Dangerzone/);
        expect(Object.keys(ends).length).toBeGreaterThan(20 / SHARES);
      }, 900_000);
    });

    describe("in index.html, from a disk", () => {
      beforeAll(async () => {
        await page.goto(pathToFileURL(await writeCaseIndex(join(folder, "cases"))).href);
        await openCase();
      });

      it.each(["scan.pdf", "photo.heic"])("draws %s once staff have chosen it, and no other file", async (name) => {
        await read(name);
        const field = (await poll("the field", () =>
          page.$(".reader input[type=file]"),
        )) as ElementHandle<HTMLInputElement>;
        await field.uploadFile(fileURLToPath(new URL("screenshot.png", VECTORS)));
        expect(await ended()).toContain("another file");
        const path = (await text(".reader label"))?.split(": ").at(-1) ?? "";
        await field.uploadFile(join(folder, "cases", path));
        await inReader("the drawing", async () => ((await ended()) === "drawn" ? true : null));
        if (name === "scan.pdf") expect([await colour(-0.02, 0), await colour(0.02, 0)]).toEqual([RED, BLUE]);
        await close();
      });

      it("draws a picture by itself, and none that explodes", async () => {
        await read("photo.png");
        expect(await ended()).toBe("drawn");
        await close();
        await read("huge.png");
        expect(await ended()).toMatch(/too large|cannot be shown/);
        await close();
      });
    });

    describe("in desk.html, from a disk", () => {
      beforeAll(async () => {
        const keys = await createKeyPair({
          profile: "gnupg",
          userId: { name: "Appeals" },
          passphrase: PASSPHRASE,
          lifetime: 1e6,
        });
        const { stream } = createSubmission({
          caseId: CASE,
          form: { id: "default", version: 1 },
          language: "ru",
          answers: {},
          letter: "Письмо\n",
          documents: (await good()).map(({ name, contents }) => ({
            name,
            type: "",
            size: contents.length,
            open: () => new Blob([new Uint8Array(contents)]).stream(),
          })),
          encryptedBy: "browser",
        });
        const message = await encryptMessage(stream, [await recipientOf(keys)], new Date());
        const [secret, sealed] = [join(folder, "secret.asc"), join(folder, `${CASE}.tar.gpg`)];
        await writeFile(secret, keys.secretKey);
        await writeFile(sealed, Buffer.from(await new Response(message).arrayBuffer()));
        await page.goto(pathToFileURL(fileURLToPath(DESK)).href);
        const choose = async (selector: string, path: string) => {
          const field = (await poll("the field", () => page.$(selector))) as ElementHandle<HTMLInputElement>;
          await field.uploadFile(path);
        };
        await choose("#keys", secret);
        await page.focus("#passphrase");
        await page.keyboard.type(PASSPHRASE);
        await page.focus("#unlock");
        await page.keyboard.press("Enter");
        await choose("#files", sealed);
        await openCase();
      });

      it.each(["scan.pdf", "photo.heic", "photo.png"])("draws %s", async (name) => {
        await read(name);
        expect(await ended()).toBe("drawn");
        if (name === "scan.pdf") expect([await colour(-0.02, 0), await colour(0.02, 0)]).toEqual([RED, BLUE]);
        await close();
      });
    });

    it("spoke with nobody but the command on this machine", () => {
      expect(heard).toEqual([]);
      const { port } = workbench.server.address() as AddressInfo;
      const others = requests.filter(
        (url) => !url.startsWith(`http://127.0.0.1:${port}/`) && !/^(?:blob|data|about|file):/.test(url),
      );
      expect(others).toEqual([]);
    });
  });
}
