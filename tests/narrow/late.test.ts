import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled, poll, press } from "../support/browsers.js";
import { atLength, inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { type RecordingLine, recordingLine } from "../support/recording-line.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";
import { traces } from "../support/traces.js";

const LETTER = "канарейка-письмо-90bd";
const NOT_LOADED = "Шифрование не загрузилось";
/** Runs in pages and in workers. */
const STOLEN = ";self.stolen=1;self.document&&(document.title='theirs')";
const MISSING = { status: 404, body: "" };

/** An answer that is held back until the test lets it go. */
class Held {
  #release: (answer: Tampered) => void = () => undefined;
  readonly answer = new Promise<Tampered>((resolve) => {
    this.#release = resolve;
  });

  /** Lets it go, and waits for as long as a browser would need to make use of it. */
  async release(body: string): Promise<void> {
    this.#release({ status: 200, body });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

for (const kind of inTurn(BROWSERS, 0).filter(isInstalled)) {
  describe(`${kind.name}, where a piece comes late`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let recording: RecordingLine;
    let tamper: (path: string) => Tampered | null | Promise<Tampered>;
    /** How often each path was asked for. */
    let asked: Map<string, number>;

    beforeEach(begin);

    /** Another portal is another origin, of which the browser has nothing yet. */
    async function begin(): Promise<void> {
      asked = new Map();
      portal = await session.startPortal();
      const line = session.stopLater(
        await tamperingLine(portal.url, (path) => {
          asked.set(path, (asked.get(path) ?? 0) + 1);
          return tamper(path);
        }),
      );
      recording = session.stopLater(await recordingLine(() => line.url));
    }

    const pieces = (kindOfPiece: string) =>
      portal.paths.map(({ path }) => path).filter((path) => path.startsWith(`/build/${kindOfPiece}-`));
    const contentsOf = async (path: string) => (await fetch(portal.url + path)).text();
    const open = () => session.page.goto(`${recording.url}/ru/`, { waitUntil: "domcontentloaded" });

    /** Opens the page until the whole script wins: a machine that is busy with other tests is like a narrow line. */
    async function openInOne(part: string): Promise<void> {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await open();
        await session.form.untilSendable();
        if (!asked.has(part)) return;
        await session.page.evaluate(() => {
          window.name = "";
        });
        await begin();
      }
      throw new Error("the whole script never won");
    }

    async function expectSends(): Promise<void> {
      const { form, page } = session;
      await form.untilSendable();
      await form.write("message", LETTER);
      await form.press("#send");
      await form.untilStored();
      expect((await portal.open()).map(({ record }) => record.answers)).toEqual([{ message: LETTER }]);
      expect(await page.evaluate(() => "stolen" in self)).toBe(false);
      expect(await page.title()).not.toBe("theirs");
      for (const trace of traces(LETTER)) expect(recording.sent().includes(trace)).toBe(false);
    }

    it.each(atLength(["part", "client"], ["part", "client", "text", "entry"]))(
      "takes no %s of a request that it has given up, when another copy has come",
      async (kindOfPiece) => {
        const inParts = /^\/build\/worker-/;
        const late: Held[] = [];
        let path: string | undefined;
        tamper = (wanted) => {
          if (inParts.test(wanted)) return MISSING;
          if (wanted.startsWith(`/build/${kindOfPiece}-`)) path ??= wanted;
          if (wanted !== path || late.length > 0) return null;
          late.push(new Held());
          return late[0]?.answer ?? null;
        };
        await open();
        await session.form.untilSendable();
        expect(asked.get(path ?? "")).toBeGreaterThan(1);
        await late[0]?.release(`${await contentsOf(path ?? "")}${STOLEN}`);
        await expectSends();
      },
    );

    it("stays closed when what it gave up on comes after all, and starts again only when asked to", async () => {
      const { form, page } = session;
      const held = new Held();
      const [part = ""] = pieces("part");
      tamper = (path) => {
        if (path.startsWith("/build/worker-")) return MISSING;
        if (path !== part) return null;
        return asked.get(path) === 1 ? held.answer : MISSING;
      };
      await open();
      await form.untilText("#client-state", NOT_LOADED);
      await held.release(await contentsOf(part));
      expect(await form.text("#client-state")).toContain(NOT_LOADED);
      await form.write("message", LETTER);
      await page.$eval("#send", (button) => (button as HTMLButtonElement).click());
      expect(await page.$eval("#send", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
      expect(await portal.stored()).toEqual([]);
      tamper = () => null;
      await page.$eval("#field-message", (field) => {
        (field as HTMLTextAreaElement).value = "";
      });
      await form.press("#client-state button");
      await expectSends();
    });

    it("takes no whole script that comes after its parts", async () => {
      const held = new Held();
      const [whole = ""] = pieces("worker");
      tamper = (path) => (path === whole ? held.answer : null);
      await open();
      await session.form.untilSendable();
      expect(pieces("entry").some((path) => asked.has(path))).toBe(true);
      await held.release(`${await contentsOf(whole)}${STOLEN}`);
      await expectSends();
    });

    it("takes no part that comes after the whole script has won", async () => {
      const { downloads, page } = session;
      const held = new Held();
      const [part = ""] = pieces("part");
      tamper = () => null;
      await openInOne(part);
      tamper = (path) => (path === part && asked.get(path) === 1 ? held.answer : null);
      // The offline form is made of parts.
      await press(page, ".keep button");
      const path = join(downloads, "form-ru.html");
      await poll("the file", async () => ((await readdir(downloads)).includes("form-ru.html") ? true : null));
      const expected = await contentsOf("/offline/ru.html");
      await poll("all of it", async () => ((await readFile(path, "utf8")).length >= expected.length ? true : null));
      expect((await readFile(path, "utf8")) === expected).toBe(true);
      expect(asked.get(part)).toBe(2);
      await held.release(`${await contentsOf(part)}${STOLEN}`);
      await expectSends();
    });
  });
}
