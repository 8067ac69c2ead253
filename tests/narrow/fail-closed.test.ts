import { beforeEach, describe, expect, it } from "vitest";
import { browserSession } from "../support/browser-session.js";
import { BROWSERS, isInstalled } from "../support/browsers.js";
import { atLength, inTurn } from "../support/length.js";
import type { TestPortal } from "../support/portal.js";
import { type RecordingLine, recordingLine } from "../support/recording-line.js";
import { type Tampered, tamperingLine } from "../support/tampering-line.js";
import { traces } from "../support/traces.js";

const LETTER = "канарейка-письмо-5d0a";
const CHANGED = "Пришла не та программа";
const NOT_LOADED = "Шифрование не загрузилось";

/** The worker in one does not arrive, so that its parts are asked for. */
const inParts = (path: string) => (/^\/build\/worker-/.test(path) ? { status: 404, body: "" } : null);

for (const kind of inTurn(BROWSERS, 1).filter(isInstalled)) {
  describe(`${kind.name}, where a piece is not what the page means`, () => {
    const session = browserSession(kind);
    let portal: TestPortal;
    let recording: RecordingLine;
    let tamper: (path: string) => Tampered | null;

    beforeEach(async () => {
      portal = await session.startPortal();
      const line = session.stopLater(await tamperingLine(portal.url, (path) => tamper(path) ?? inParts(path)));
      recording = session.stopLater(await recordingLine(() => line.url));
    });

    /** Paths of the pieces of one kind, in order. */
    const pieces = (kindOfPiece: string) =>
      portal.paths.map(({ path }) => path).filter((path) => path.startsWith(`/build/${kindOfPiece}-`));
    const contentsOf = async (path: string) => (await fetch(portal.url + path)).text();

    async function expectClosed(words: string): Promise<void> {
      const { form, page } = session;
      await page.goto(`${recording.url}/ru/`);
      await form.untilText("#client-state", words);
      await form.write("message", LETTER);
      await page.keyboard.press("Enter");
      await page.$eval("#send", (button) => (button as HTMLButtonElement).click());
      expect(await page.$eval("#send", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
      for (const trace of traces(LETTER)) expect(recording.sent().includes(trace)).toBe(false);
      expect(await portal.stored()).toEqual([]);
    }

    const CHANGES = [
      ["a part of the worker is changed", "part", (text: string) => `${text};self.stolen=1`],
      ["a part of the worker is cut", "part", (text: string) => text.slice(0, -10)],
      ["a part of the client is changed", "client", (text: string) => `${text};self.stolen=1`],
      [
        "the script that runs the parts is changed",
        "entry",
        (text: string) => text.replaceAll("importScripts", "eval"),
      ],
      ["words are changed", "text", (text: string) => text.replace("зашифрует", "отправит")],
    ] as const;
    const taken = CHANGES.filter((_each, index) => atLength(index % 3 === 0, true));

    it.each(taken)("sends nothing when %s, and says so", async (_what, kindOfPiece, change) => {
      const changed = new Map<string, string>();
      for (const path of pieces(kindOfPiece)) changed.set(path, change(await contentsOf(path)));
      tamper = (path) => {
        const body = changed.get(path);
        return body === undefined ? null : { status: 200, body };
      };
      await expectClosed(CHANGED);
    });

    it("sends nothing when a part is another part, of this version or of another", async () => {
      const parts = pieces("part");
      const [first = "", second = ""] = await Promise.all(parts.slice(0, 2).map(contentsOf));
      tamper = (path) => {
        if (!parts.includes(path)) return null;
        return { status: 200, body: path === parts[0] ? second : first };
      };
      await expectClosed(CHANGED);
    });

    it("sends nothing when a part is missing, and gets ready when it is there again", async () => {
      const { form } = session;
      tamper = (path) => (path.startsWith("/build/part-") ? { status: 404, body: "" } : null);
      await expectClosed(NOT_LOADED);
      tamper = () => null;
      await form.press("#client-state button");
      await form.untilSendable();
    });
  });
}
