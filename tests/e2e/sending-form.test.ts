import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { createReceiptCode, deriveReplyAddress } from "../../src/core/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { Recipients } from "../../src/server/recipients/index.js";
import { makeSite } from "../../src/verify/index.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { answerLetter } from "../support/correspondence.js";
import { atLength, inTurn } from "../support/length.js";
import { closeNow, listenLocally } from "../support/loopback.js";
import type { TestPortal } from "../support/portal.js";
import { type BareHost, bareHost } from "../support/static-host.js";
import {
  honestRelay,
  LIES,
  type Lie,
  lyingRelay,
  makeMailboxKey,
  makeReceiptKey,
  type OpenWay,
  openWay,
} from "../support/ways.js";

/** What a copy is asked for, in place of its form: neither may change anything. */
const ODD = "?relay=https://evil.example&ways=x#field-message:~:text=x";
const LETTER = "Здравствуйте! Помогите, пожалуйста.";
const DOCUMENT = Buffer.alloc(6_000_000, 7);

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`${kind.name}, with an offline form that sends`, () => {
    const session = browserSession(kind);

    /** A portal whose offline form knows `ways`, which lead nowhere yet; and that form in a file. */
    async function formFor(ways: readonly OpenWay[]): Promise<{ portal: TestPortal; file: string }> {
      for (const way of ways) session.stopLater(way);
      const addresses = ways.map(({ url }) => url);
      const portal = await session.startPortal({
        config: { ways: { addresses, key: makeReceiptKey(), mailboxKey: makeMailboxKey() } },
      });
      const file = join(session.folder, "form-ru.html");
      await writeFile(file, await (await fetch(`${portal.url}/offline/ru.html`)).text());
      return { portal, file };
    }

    /** The same file on a host of static files. */
    async function hosted(file: string): Promise<string> {
      const contents = await readFile(file);
      const server = createServer((_request, response) => {
        response.setHeader("Content-Type", "text/html; charset=utf-8").end(contents);
      });
      session.stopLater({ close: () => closeNow(server) });
      return `${await listenLocally(server)}/form-ru.html`;
    }

    async function fill(url: string): Promise<void> {
      await session.page.goto(url);
      await session.form.untilSendable();
      await session.form.write("message", LETTER);
      await session.form.attach({ name: "видео.mp4", contents: DOCUMENT });
    }

    async function savedFile(): Promise<string> {
      return poll("the file", async () => {
        const names = await readdir(session.downloads);
        const whole = names.includes("appeal.tar.gpg") && !names.some((name) => /part|crdownload/.test(name));
        return whole ? join(session.downloads, "appeal.tar.gpg") : null;
      });
    }

    async function emptyDownloads(): Promise<void> {
      for (const name of await readdir(session.downloads)) await rm(join(session.downloads, name));
    }

    it("shows that nothing can be saved or sent yet, until it can encrypt", async () => {
      const { page, form } = session;
      const { file } = await formFor([await openWay()]);
      const save = loadTexts().get("ru")?.say("client-save") ?? "";
      const isOff = () =>
        page.$$eval("#form button", (buttons) => buttons.map(({ disabled, textContent }) => [textContent, disabled]));
      const url = pathToFileURL(file).href;
      // A worker that never says anything.
      const { identifier } = await page.evaluateOnNewDocument(() => {
        window.Worker = class extends EventTarget {
          postMessage(): void {}
          terminate(): void {}
        } as never;
      });
      await page.goto(url);
      await poll("the button", async () => ((await form.text("#form")).includes(save) ? true : null));
      expect(await isOff()).toContainEqual([save, true]);
      await page.removeScriptToEvaluateOnNewDocument(identifier);
      await page.goto(url);
      await form.untilSendable();
      expect(await isOff()).toContainEqual([save, false]);
    });

    it.each(inTurn(["a file", "a static host"], 0))(
      "sends from %s by three relays, two of which die in the middle, past one that lies",
      async (from) => {
        let deaths = 0;
        const mortal = () => {
          let dead = false;
          return (bytes: number) => {
            if (!dead && bytes > 500_000 && deaths < 2) {
              deaths += 1;
              dead = true;
            }
            return dead;
          };
        };
        const relays = await Promise.all([0, 1, 2].map(() => openWay(mortal())));
        const lying = await openWay();
        const { portal, file } = await formFor([...relays, lying]);
        const seen = new Set<string>();
        let begun = 0;
        portal.server.on("request", ({ method, headers }) => {
          if (method === "POST") begun += 1;
          for (const name of Object.keys(headers)) seen.add(name);
        });
        for (const relay of relays) relay.lead(session.stopLater(await honestRelay(portal.url)).url);
        lying.lead(session.stopLater(await lyingRelay(portal.url, LIES["answers all by itself"] as Lie)).url);

        await fill(from === "a file" ? pathToFileURL(file).href : await hosted(file));
        await session.form.press("#send");
        await session.form.untilText("h1", "Письмо у нас");
        expect(await session.form.text(".receipt-code")).toMatch(/^\d{4}( \d{4}){4}$/);
        expect(await session.page.$(".links")).toBeNull();
        expect(deaths).toBe(2);
        expect(begun).toBe(1);
        const cases = await portal.open();
        expect(cases.map(({ record }) => [record.encrypted, record.answers.message])).toEqual([["offline", LETTER]]);
        expect(cases[0]?.files.map(({ contents }) => contents.equals(DOCUMENT))).toEqual([true]);
        for (const name of ["user-agent", "accept-language", "origin", "referer", "cookie", "x-forwarded-for"]) {
          expect(seen).not.toContain(name);
        }
      },
    );

    it("sends to the portal itself, which any page may ask for exactly that", async () => {
      const direct = await openWay();
      const { portal, file } = await formFor([direct]);
      direct.lead(portal.url);
      await fill(pathToFileURL(file).href);
      await session.form.press("#send");
      await session.form.untilText("h1", "Письмо у нас");
      expect(await portal.open()).toHaveLength(1);
    });

    it("reads an answer past a relay that says there is none, deletes it, and sends more", async () => {
      const { form, page } = session;
      const ways = await Promise.all([openWay(), openWay(), openWay()]);
      const { portal, file } = await formFor(ways);
      const passed: string[] = [];
      let alive = true;
      const watching: Lie = async ({ method, url }, ask) => {
        passed.push(`${method} ${url}`);
        if (!alive) throw new Error("dead");
        return ask();
      };
      const [lying, dead, honest] = ways as [OpenWay, OpenWay, OpenWay];
      lying.lead(session.stopLater(await lyingRelay(portal.url, async () => Response.json({ replies: [] }))).url);
      dead.lead("http://127.0.0.1:1");
      honest.lead(session.stopLater(await lyingRelay(portal.url, watching)).url);
      const code = createReceiptCode();
      const answer = await answerLetter(portal, code);

      await page.goto(pathToFileURL(file).href);
      await form.untilSendable();
      await page.evaluate(() => document.querySelector("#mailbox")?.closest("details")?.setAttribute("open", ""));
      await page.type("#field-mailbox-code", code);
      await form.press("#read");
      await form.untilText(".reply-text", answer);
      expect(await form.text(".reply a")).toContain("ответ.pdf");
      expect(new Set(passed)).toEqual(new Set(["POST /mailbox"]));
      await form.press(".reply button");
      await form.untilText("#mailbox-state", "Удалено");
      expect(await page.$(".reply")).toBeNull();
      const { mailbox } = await deriveReplyAddress(code, await portal.store.mailboxes.portalSalt());
      expect(await portal.store.mailboxes.listReplies(mailbox)).toEqual([]);

      alive = false;
      await form.press("#read");
      await form.untilText("#mailbox-state", "Узнать, есть ли ответ, не удалось");
      alive = true;
      await form.press("#read");
      await form.untilText("#mailbox-state", "Ответа пока нет");
      await form.press("#replies > button");
      await form.write("message", LETTER);
      await form.press("#send");
      await form.untilText("h1", "Письмо у нас");
      const cases = await portal.open();
      expect(cases.map(({ record }) => [record.followUp, record.reply?.mailbox])).toEqual([[true, mailbox]]);
    });

    it.each([
      ["nothing answers", null],
      ["all that answers makes it up", LIES["answers all by itself"] as Lie],
    ])("says where %s that the letter is not sent, and saves it", async (_what, lie) => {
      await emptyDownloads();
      const way = await openWay();
      const { portal, file } = await formFor([way]);
      if (lie !== null) way.lead(session.stopLater(await lyingRelay(portal.url, lie)).url);
      await fill(pathToFileURL(file).href);
      await session.form.press("#send");
      await session.form.untilText("h1", "Письмо зашифровано");
      expect(await session.form.text("#main")).toContain("Считайте письмо неотправленным");
      const contents = await readFile(await savedFile());
      expect(await portal.stored()).toEqual([]);
      const handedIn = new FormData();
      handedIn.append("file", new File([contents], "appeal.tar.gpg"));
      expect((await fetch(`${portal.url}/ru/encrypted`, { method: "POST", body: handedIn })).status).toBe(200);
      expect((await portal.open()).map(({ record }) => record.answers.message)).toEqual([LETTER]);
    });

    it("connects to nothing where the person only saves, and to no other address at all", async () => {
      await emptyDownloads();
      const way = await openWay();
      const { portal, file } = await formFor([way]);
      way.lead(session.stopLater(await honestRelay(portal.url)).url);
      await fill(pathToFileURL(file).href);
      const blocked = await session.page.evaluate(async (url) => {
        const violation = new Promise<string>((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
        });
        await fetch(url).catch(() => undefined);
        return violation;
      }, `${portal.url}/keys.asc`);
      expect(blocked).toBe("connect-src");
      await session.form.press("#send + p button");
      await session.form.untilText("h1", "Письмо зашифровано");
      expect(await session.form.text("#main")).not.toContain("неотправленным");
      await savedFile();
      expect(way.bytes()).toBe(0);
    });
  });
}

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`${kind.name}, with a copy that sends`, () => {
    const session = browserSession(kind);

    /** A portal, and a copy that sends in a folder of some host, whose ways lead nowhere yet. */
    async function copyFor(addresses: readonly string[]): Promise<{ portal: TestPortal; host: BareHost }> {
      const ways = { addresses, key: makeReceiptKey(), mailboxKey: makeMailboxKey() };
      const portal = await session.startPortal({ config: { ways } });
      const inputs = {
        ...{ organisation: null, about: null, addresses: null, answerDays: null, retentionDays: null, draftDays: null },
        ...{ onion: null, form: null, maxSubmission: 2 * 1024 ** 3, maxFiles: 100, ways },
        recipients: new Recipients([portal.recipient]),
        texts: loadTexts(),
        portalSalt: await portal.store.mailboxes.portalSalt(),
      };
      const { files } = await makeSite(inputs, { onion: false, app: null, sends: true });
      return { portal, host: session.stopLater(await bareHost(files, "/some/folder/")) };
    }

    it("says whose hands it is in, sends past a relay that lies, and reads the answer; and asks its host for pages only", async () => {
      const { form, page } = session;
      const [lying, honest] = [session.stopLater(await openWay()), session.stopLater(await openWay())];
      const { portal, host } = await copyFor([lying.url, honest.url]);
      lying.lead(session.stopLater(await lyingRelay(portal.url, LIES["answers all by itself"] as Lie)).url);
      honest.lead(session.stopLater(await honestRelay(portal.url)).url);
      const faults: string[] = [];
      page.on("pageerror", (error) => {
        // Firefox calls so that the policy forbids even the icon that browsers ask hosts for.
        if (!String(error).includes("favicon.ico")) faults.push(String(error));
      });

      await page.goto(`${host.url}index-uk.html`);
      expect(await form.text("main")).toContain("Той, у кого вона лежить, міг її змінити");
      await Promise.all([page.waitForNavigation(), page.click('a[hreflang="ru"]')]);
      await Promise.all([page.waitForNavigation(), page.click("a.button")]);
      expect(page.url()).toBe(`${host.url}ru.html`);
      await page.goto(`${host.url}ru.html${ODD}`);
      await form.untilSendable();
      expect(await page.$eval("#served", (note) => getComputedStyle(note).display)).not.toBe("none");
      expect(await form.text("#served")).toContain("её мог изменить");
      await form.write("message", LETTER);
      await form.attach({ name: "видео.mp4", contents: DOCUMENT });
      expect([lying.bytes(), honest.bytes()]).toEqual([0, 0]);

      await form.press("#send");
      await form.untilText("h1", "Письмо у нас");
      const code = ((await form.text(".receipt-code")) ?? "").replaceAll(" ", "");
      expect((await portal.open()).map(({ record }) => record.answers.message)).toEqual([LETTER]);
      const answer = await answerLetter(portal, code);
      await page.goto(`${host.url}ru.html`);
      await form.untilSendable();
      await page.evaluate(() => document.querySelector("#mailbox")?.closest("details")?.setAttribute("open", ""));
      await page.type("#field-mailbox-code", code);
      await form.press("#read");
      await form.untilText(".reply-text", answer);

      expect(faults).toEqual([]);
      const pages = host.asked.filter((each) => !each.endsWith("/favicon.ico"));
      expect(new Set(pages.map((each) => each.replace(/\?.*/, "")))).toEqual(
        new Set(["index-uk.html", "index-ru.html", "ru.html"].map((name) => `GET /some/folder/${name}`)),
      );
    });

    // The form from a file does so in every run.
    if (!atLength(false, true)) return;

    it("makes a file where all that answers lies, and says that the letter is not sent", async () => {
      const { form, page } = session;
      const way = session.stopLater(await openWay());
      const { portal, host } = await copyFor([way.url]);
      way.lead(session.stopLater(await lyingRelay(portal.url, LIES["answers 200 to all"] as Lie)).url);
      await page.goto(`${host.url}en.html`);
      await form.untilSendable();
      await form.write("message", LETTER);
      await form.press("#send");
      await form.untilText("h1", "The letter is encrypted");
      expect(await form.text("#main")).toContain("Take the letter as not sent");
      expect(await portal.stored()).toEqual([]);
    });
  });
}
