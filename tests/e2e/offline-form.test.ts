import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readPrivateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyOpener, openSubmissions } from "../../src/desk/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, FIREFOX_SAFER, isInstalled, poll } from "../support/browsers.js";
import { inTurn } from "../support/length.js";
import { PICTURES, pictureVector } from "../support/pictures.js";
import { type OpenedCase, readCase, startTestPortal, type TestPortal } from "../support/portal.js";
import { removeFolder } from "../support/temporary.js";

const LETTER = "Здравствуйте! Помогите, пожалуйста.";

for (const kind of inTurn([...BROWSERS, FIREFOX_SAFER], 1).filter(isInstalled)) {
  describe(`${kind.name}, with the offline form and no network`, () => {
    const session = browserSession(kind);
    let folder: string;
    let form: string;
    let secretKey: string;
    let portal: TestPortal;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "postern-offline-"));
      portal = await startTestPortal();
      const response = await fetch(`${portal.url}/offline/ru.html`);
      expect(response.headers.get("content-disposition")).toBe("attachment; filename=form-ru.html");
      form = join(folder, "form-ru.html");
      await writeFile(form, await response.text());
      secretKey = portal.secretKey;
    });
    afterAll(async () => {
      await portal.stop();
      await removeFolder(folder);
    });

    async function open(file: string): Promise<OpenedCase> {
      const keys = [await readPrivateKey({ armoredKey: secretKey })];
      for await (const outcome of openSubmissions([file], { opener: keyOpener(keys), out: join(folder, "cases") })) {
        if (outcome.kind === "failed") throw outcome.cause;
        return readCase(outcome.folder);
      }
      throw new Error("nothing was opened");
    }

    it("encrypts a letter and its documents into a file that the desk opens", async () => {
      const { downloads, form: driver, page } = session;
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(form).href);
      await driver.untilSendable();
      expect(await driver.text("#client-state")).toContain("будет зашифровано на этом устройстве");
      await driver.write("message", LETTER);
      await driver.attach(
        { name: "паспорт.jpg", contents: Buffer.from("один") },
        { name: "видео.mp4", contents: Buffer.alloc(3_000_000, 7) },
      );
      await driver.press("#send");
      await driver.untilText("h1", "Письмо зашифровано");
      expect(await page.content()).not.toContain(LETTER);

      const saved = await poll("the file", async () => {
        const names = await readdir(downloads);
        return names.includes("appeal.tar.gpg") && !names.some((name) => /part|crdownload/.test(name))
          ? join(downloads, "appeal.tar.gpg")
          : null;
      });
      const opened = await poll("the whole file", () => open(saved));
      expect(opened.record).toMatchObject({ encrypted: "offline", language: "ru", answers: { message: LETTER } });
      expect(opened.files.map(({ name, contents }) => [name, contents.length])).toEqual([
        ["паспорт.jpg", 8],
        ["видео.mp4", 3_000_000],
      ]);
      const handedIn = new FormData();
      handedIn.append("file", new File([await readFile(saved)], "appeal.tar.gpg"));
      const taken = await fetch(`${portal.url}/ru/encrypted`, { method: "POST", body: handedIn });
      expect(taken.status).toBe(200);
      expect((await portal.open()).map(({ record }) => record.encrypted)).toEqual(["offline"]);
      for (const url of asked) expect(url).toMatch(/^(file|blob|data):/);
    });

    it("takes place, time and camera out of pictures, with scripts that it brings along", async () => {
      const { downloads, form: driver, page } = session;
      await page.goto(pathToFileURL(form).href);
      await driver.untilSendable();
      await driver.attach({ name: "снимок.jpg", contents: pictureVector("phone.jpg") });
      await driver.untilText(".documents", "55.75120, 37.61840");
      await page.focus("#pictures");
      await page.keyboard.press(" ");
      await driver.untilText(".documents", "Уйдёт без этого");
      for (const name of await readdir(downloads)) await rm(join(downloads, name));
      await driver.press("#send");
      await driver.untilText("h1", "Письмо зашифровано");
      const saved = await poll("the file", async () => {
        const names = await readdir(downloads);
        const [name] = names;
        return name === undefined || names.some((each) => /part|crdownload/.test(each)) ? null : join(downloads, name);
      });
      const opened = await poll("the whole file", () => open(saved));
      expect(opened.files.map(({ contents }) => contents.includes(PICTURES.canary))).toEqual([false]);
      expect(opened.files[0]?.contents.length).toBeGreaterThan(1_000);
    });

    it("may not connect to anything, nor send its form, nor run another script", async () => {
      const { page } = session;
      await page.goto(pathToFileURL(form).href);
      await session.form.untilSendable();
      const attempt = await page.evaluate(async () => {
        const violations: string[] = [];
        const both = new Promise<void>((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => {
            if (violations.push(event.effectiveDirective) === 2) resolve();
          });
        });
        await fetch("http://127.0.0.1:1/").catch(() => undefined);
        new Image().src = "http://127.0.0.1:1/x.png";
        await both;
        return violations.sort();
      });
      expect(attempt).toEqual(["connect-src", "img-src"]);
    });
  });
}
