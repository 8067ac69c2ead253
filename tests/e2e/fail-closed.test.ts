import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, frameWith, isInstalled, poll, textOf } from "../support/browsers.js";
import { keyPaths } from "../support/key-paths.js";
import { inTurn } from "../support/length.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { type RecordingLine, recordingLine } from "../support/recording-line.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";
import { traces } from "../support/traces.js";

const LETTER = "канарейка-письмо-81be";

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name}, where it cannot encrypt`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let keys: ReadonlySet<string>;
    let recording: RecordingLine;
    let tamper: (path: string) => Tampered | null;

    beforeEach(async () => {
      portal = await session.startPortal();
      keys = await keyPaths(portal.url);
      const line = session.stopLater(await tamperingLine(portal.url, (path) => tamper(path)));
      recording = session.stopLater(await recordingLine(() => line.url));
    });

    const without =
      (prefix: string | RegExp, status = 404) =>
      (path: string) =>
        (typeof prefix === "string" ? path.startsWith(prefix) : prefix.test(path)) ? { status, body: "" } : null;

    const withoutKeys = (path: string) => (keys.has(path) ? { status: 500, body: "" } : null);

    function expectNothingSent(): void {
      for (const trace of traces(LETTER)) expect(recording.sent().includes(trace)).toBe(false);
    }

    /** Whatever a person may try: the button, Enter in a line, and scripts of the page's own form. */
    async function tryToSendAnyway(): Promise<void> {
      const { form, page } = session;
      await form.write("writer", LETTER);
      await page.keyboard.press("Enter");
      await form.write("message", LETTER);
      await page.$eval("#send", (button) => (button as HTMLButtonElement).click());
      await page.$eval("#send", (button) => {
        (button as HTMLButtonElement).disabled = false;
        (button as HTMLButtonElement).click();
      });
      await page.$eval("#form", (element) => {
        try {
          (element as HTMLFormElement).submit();
        } catch {
          // Firefox says that the page's policy forbids it.
        }
      });
      // What was sent all the same would have gone before these: the second is asked for when the first has come back.
      await page.evaluate(async () => {
        for (const round of ["first", "second"]) await fetch(`/healthz?${round}`);
      });
      expect(await page.$eval("#field-message", (field) => (field as HTMLTextAreaElement).value)).toBe(LETTER);
      expect(new URL(page.url()).search).toBe("");
      expectNothingSent();
      expect(await portal.stored()).toEqual([]);
    }

    it("sends nothing, however it is asked, when the client never loads", async () => {
      const { form, page } = session;
      tamper = without("/build/main");
      await page.goto(`${recording.url}/ru/`);
      expect(await form.text("#client-state")).toContain("Готовим шифрование");
      await tryToSendAnyway();
    });

    it("does not run a client that was tampered with", async () => {
      const { page } = session;
      tamper = (path) => (path.startsWith("/build/main") ? { status: 200, body: "document.title = 'theirs'" } : null);
      // A page has loaded when its module scripts have run, or were refused.
      await page.goto(`${recording.url}/ru/`, { waitUntil: "load" });
      expect(await page.title()).toBe("Напишите нам");
      await tryToSendAnyway();
    });

    it("tells after a minute, by the stylesheet alone, what can be done where the client never came", async () => {
      const { form, page } = session;
      tamper = without("/build/main");
      await page.goto(`${recording.url}/ru/`);
      expect(await page.$eval(".late", (late) => getComputedStyle(late).visibility)).toBe("hidden");
      await page.evaluate(() => {
        for (const animation of document.getAnimations()) animation.finish();
      });
      expect(await page.$eval(".late", (late) => getComputedStyle(late).visibility)).toBe("visible");
      expect(await form.text(".late")).toContain("Скопируйте письмо");
    });

    it.each([
      ["the worker does not load", without(/^\/build\/(?:worker|part)-/), "Шифрование не загрузилось"],
      ["the keys cannot be fetched", withoutKeys, "Не удалось получить ключи"],
      ["the keys are not those that the page names", null, "Ключи на сайте не совпадают"],
      ["the keys are no keys", () => null, "Ключи на сайте не совпадают"],
    ] as const)("says so and offers choices when %s; trying again helps once it can", async (_what, cause, words) => {
      const { form, page } = session;
      const other = await startTestPortal();
      const swapped = await (await fetch(`${other.url}/keys.asc`)).text();
      await other.stop();
      const others = cause === null ? swapped : "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnonsense\n";
      const swap = (path: string) => (keys.has(path) ? { status: 200, body: others } : null);
      tamper = (path) => (cause === null ? swap(path) : (cause(path) ?? (cause.length === 0 ? swap(path) : null)));
      await page.goto(`${recording.url}/ru/`);
      await form.untilText("#client-state", words);
      await tryToSendAnyway();

      tamper = () => null;
      await form.press("#client-state button");
      await form.untilSendable();
      await form.press("#send");
      await form.untilStored();
      expectNothingSent();
      expect((await portal.open())[0]?.record.encrypted).toBe("browser");
    });

    it("warns and sends nothing where a translator or a gateway shows the page", async () => {
      const { form, page } = session;
      tamper = () => null;
      // Every name that ends in .localhost leads to this machine.
      const { port } = new URL(recording.url);
      await page.goto(`http://portal.translate.goog.localhost:${port}/ru/`);
      await form.untilText("#client-state", "показывает посредник");
      await tryToSendAnyway();
      expect(await page.$$("#client-state button")).toHaveLength(1);
      await page.goto(`http://${"a".repeat(56)}.onion.localhost:${port}/ru/`);
      await form.untilText("main", "Здесь письмо могут прочитать чужие");
      expect(await page.$("form")).toBeNull();
    });

    it("hands the letter to the server's form only when told to, and that form still has to be sent", async () => {
      const { form, page } = session;
      tamper = withoutKeys;
      await page.goto(`${recording.url}/ru/`);
      await form.write("message", LETTER);
      await form.write("contact", "Signal");
      await form.attach({ name: "паспорт.jpg", contents: Buffer.from("один") });
      await form.untilText("#client-state", "Не удалось получить ключи");
      expect(await form.text("#client-state")).toContain("сервер видит его у себя в памяти");
      await form.press("#client-state button:nth-of-type(2)");

      const { frame } = await frameWith(page, /\/ru\/form\/alone/, "textarea[name=message]");
      await poll("the letter in the frame", async () =>
        (await frame.$eval("textarea[name=message]", (field) => (field as HTMLTextAreaElement).value)) === LETTER
          ? true
          : null,
      );
      expectNothingSent();
      // The page behind it holds nothing any more.
      expect(await page.$("#form")).toBeNull();
      const button = await frame.$("button[type=submit]");
      await button?.focus();
      await page.keyboard.press("Enter");
      await poll("the receipt", async () => {
        const answer = page.frames().find((candidate) => /\/submit/.test(candidate.url()));
        return answer !== undefined && (await textOf(answer)).includes("Оно зашифровано и сохранено") ? true : null;
      });
      const [opened] = await portal.open();
      expect(opened?.record.encrypted).toBe("server");
      expect(opened?.record.answers).toEqual({ message: LETTER, contact: "Signal" });
      expect(opened?.files.map(({ name, contents }) => [name, contents.toString()])).toEqual([["паспорт.jpg", "один"]]);
    });
  });
}
