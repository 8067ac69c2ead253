import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { armor, createMessage, encrypt, enums, generateKey } from "openpgp";
import { beforeEach, describe, expect, it } from "vitest";
import { brokenLine } from "../support/broken-line.js";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, BROWSERS_WITHOUT_JAVASCRIPT, isInstalled, poll, press } from "../support/browsers.js";
import { ForwardPageDriver } from "../support/forward-page.js";
import { inTurn } from "../support/length.js";
import { submissionMessage } from "../support/message.js";
import type { TestPortal } from "../support/portal.js";
import { recordingLine } from "../support/recording-line.js";
import { Random } from "../support/seed.js";
import { silentLine } from "../support/silent-line.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";
import { traces } from "../support/traces.js";

const KIB = 1024;
const CANARY = "канарейка-файл-7c1d";
const DISABLED = "#send:disabled";

async function expectStored(portal: TestPortal, message: Uint8Array): Promise<void> {
  const [name = "", ...others] = await portal.stored();
  expect(others).toEqual([]);
  expect((await readFile(join(portal.folder, "submissions", name))).equals(message)).toBe(true);
  expect(await portal.open()).toHaveLength(1);
}

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name}, with a file that is encrypted already`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let page: ForwardPageDriver;

    beforeEach(async () => {
      portal = await session.startPortal();
      page = new ForwardPageDriver(session.page, session.folder);
    });

    it("sends 300 KiB where connections go silent after 12 KiB, and shows the receipt", async () => {
      const line = session.stopLater(await silentLine(() => portal.url, { maxBytes: 12 * KIB }));
      const message = await submissionMessage(portal.recipient, 300 * KIB);
      await page.visit(line.url);
      await page.send("appeal.tar.gpg", message);
      const receipt = await page.receipt();
      expect(receipt).toContain("Мы получили ваш файл и сохранили его");
      // With those of the page itself. Four at one time set some networks off.
      expect(line.most()).toBeLessThan(4);
      await expectStored(portal, message);
      const form = new FormData();
      form.append("file", new File([new Uint8Array(message)], "appeal.tar.gpg"));
      const plain = await (await fetch(`${portal.url}/ru/encrypted`, { method: "POST", body: form })).text();
      for (const words of receipt.split(/\n+/)) expect(plain).toContain(words);
    }, 240_000);

    it("goes on where a connection was cut in the middle", async () => {
      const line = session.stopLater(await brokenLine(() => portal.url, [200 * KIB, 300 * KIB]));
      const message = await submissionMessage(portal.recipient, 900 * KIB);
      await page.visit(line.url);
      await page.send("appeal.tar.gpg", message);
      expect(await page.receipt()).toContain("Мы получили ваш файл");
      expect(line.breaks()).toBe(2);
      await expectStored(portal, message);
    });

    it("takes armor, and says that words around it were not sent", async () => {
      const recording = session.stopLater(await recordingLine(() => portal.url));
      const message = await submissionMessage(portal.recipient, KIB);
      await page.visit(recording.url);
      await page.send(`${CANARY}.asc`, `${CANARY}\n\n${armor(enums.armor.message, message)}`);
      expect(await page.receipt()).toContain("мы их не сохранили");
      await expectStored(portal, message);
      for (const trace of traces(CANARY)) expect(recording.sent().includes(trace)).toBe(false);
    });

    const REFUSALS: readonly (readonly [string, RegExp, () => Promise<Uint8Array | string>])[] = [
      ["readable", /не зашифрован/, async () => CANARY],
      ["empty", /пустой/, async () => ""],
      ["a secret key", /тайный ключ! Он остался на вашем устройстве/, async () => `${CANARY}\n${portal.secretKey}`],
      ["cut off", /повреждён/, async () => (await submissionMessage(portal.recipient, KIB)).subarray(0, 500)],
      [
        "followed by something else",
        /что-то ещё/,
        async () => Buffer.concat([await submissionMessage(portal.recipient, KIB), Buffer.from(CANARY)]),
      ],
    ];

    it("sends nothing of a file that is none of ours, says why, and takes the next one", async () => {
      const recording = session.stopLater(await recordingLine(() => portal.url));
      await page.visit(recording.url);
      const before = recording.sent().length;
      for (const [what, words, contents] of REFUSALS) {
        await page.send(`${CANARY}.gpg`, await contents());
        const refusal = await poll(what, async () => {
          const said = await page.refusal();
          return words.test(said) ? said : null;
        });
        expect(refusal).toContain("Мы ничего не отправили");
        expect(await session.page.evaluate(() => document.activeElement?.id)).toBe("field-file");
      }
      expect(recording.sent().length).toBe(before);
      await page.send("appeal.tar.gpg", await submissionMessage(portal.recipient, KIB));
      expect(await page.receipt()).toContain("Мы получили ваш файл");
      for (const trace of traces(CANARY)) expect(recording.sent().includes(trace)).toBe(false);
    });

    it("says at once when it is for other keys, and the server keeps nothing of it", async () => {
      const recording = session.stopLater(await recordingLine(() => portal.url));
      const others = await generateKey({ userIDs: [{ name: "x" }], format: "object" });
      const contents = new Uint8Array(new Random("foreign").bytes(2 * KIB * KIB));
      const encryptionKeys = [others.publicKey];
      const message = await createMessage({ binary: contents });
      const named = await encrypt({ message, encryptionKeys, format: "binary" });
      await page.visit(recording.url);
      await page.send("appeal.tar.gpg", named);
      const refusal = await page.refusal();
      expect(refusal).toContain("для кого-то другого");
      expect(refusal).toContain("на сервере от него ничего не осталось");
      expect(recording.sent().length).toBeLessThan(100 * KIB);
      expect([await portal.stored(), await portal.underWay()]).toEqual([[], []]);
    });

    describe("where its client does not load", () => {
      let tamper: (path: string) => Tampered | null;

      async function open(): Promise<{ readonly sent: () => Buffer }> {
        const line = session.stopLater(await tamperingLine(portal.url, (path) => tamper(path)));
        const recording = session.stopLater(await recordingLine(() => line.url));
        await session.page.goto(`${recording.url}/ru/encrypted`);
        await poll("the button to be off", () => session.page.$(DISABLED));
        return recording;
      }

      it("sends nothing when a part is changed, and offers no other way", async () => {
        tamper = (path) => (path.startsWith("/build/forward-") ? { status: 200, body: "document.title = 1" } : null);
        const { sent } = await open();
        await session.form.untilText("#client-state", "Пришла не та программа");
        await page.choose("a.gpg", CANARY);
        await session.page.$eval("#send", (button) => (button as HTMLButtonElement).click());
        await session.page.$eval("#form", (form) => (form as HTMLFormElement).requestSubmit());
        await session.page.evaluate(async () => void (await fetch("/healthz")));
        expect(await session.page.$$eval("#client-state button", (all) => all.length)).toBe(1);
        for (const trace of traces(CANARY)) expect(sent().includes(trace)).toBe(false);
        expect(await session.page.title()).toBe("Передать зашифрованный файл");
      });

      it("lets the person choose to send the file in one, and to try again", async () => {
        tamper = (path) => (path.startsWith("/build/forward-") ? { status: 404, body: "" } : null);
        await open();
        await session.form.untilText("#client-state", "Программа этой страницы не загрузилась");
        tamper = () => null;
        await press(session.page, "#client-state button");
        await page.untilReady();
        tamper = (path) => (path.startsWith("/build/forward-") ? { status: 404, body: "" } : null);
        await open();
        await page.choose("appeal.tar.gpg", await submissionMessage(portal.recipient, KIB));
        await press(session.page, "#client-state button + button");
        expect(await page.receipt()).toContain("Мы получили ваш файл");
        expect(await portal.stored()).toHaveLength(1);
      });
    });
  });
}

for (const kind of inTurn(BROWSERS_WITHOUT_JAVASCRIPT, 1).filter(isInstalled)) {
  describe(`${kind.name} without JavaScript, with a file that is encrypted already`, () => {
    const session = browserSession(kind);

    it("sends the form itself", async () => {
      const portal = await session.startPortal();
      const page = new ForwardPageDriver(session.page, session.folder);
      const message = await submissionMessage(portal.recipient, KIB);
      await session.page.goto(`${portal.url}/ru/encrypted`);
      await page.send("readable.txt", CANARY);
      expect(await page.refusal()).toContain("не зашифрован");
      await page.send("appeal.tar.gpg", message);
      expect(await page.receipt()).toContain("Мы получили ваш файл");
      await expectStored(portal, message);
    });
  });
}
