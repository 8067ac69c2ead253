import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canBeBehindWall, type ManyBehindWall, openManyBehindWall } from "../support/behind-wall.js";
import { browserSession } from "../support/browser-session.js";
import { browsersInside, isInstalled, poll } from "../support/browsers.js";
import { answerLetter, sendLetter } from "../support/correspondence.js";
import type { TestPortal } from "../support/portal.js";
import { takeSaved } from "../support/saved-file.js";
import { Random } from "../support/seed.js";
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

const KIB = 1024;
const WAYS = [0, 1, 2, 3];
const LETTER = "Письмо по частям";
const DOCUMENT = Buffer.from(new Random("relays").bytes(150 * KIB));
const SEND_MS = 180_000;
const READ_MS = 120_000;

const cutting = LIES["cuts pieces short, and says that they arrived"] as Lie;
/** Of uploads and of mailboxes. */
const lie: Lie = async (request, ask) =>
  request.url === "/mailbox" ? Response.json({ replies: [] }) : cutting(request, ask);

let behind: ManyBehindWall | undefined;
const place = (): ManyBehindWall => {
  if (behind === undefined) throw new Error("the wall stands only while its tests run");
  return behind;
};
/** Where the way with this number leads, asked for each connection. */
let leadsTo = (_way: number): string => "http://127.0.0.1:1";

for (const kind of browsersInside(place)) {
  const possible = canBeBehindWall(`relays in ${kind.name} behind a wall`) && isInstalled(kind);
  describe.runIf(possible)(`${kind.name}, with an offline form that sends, behind a wall of 25 packets`, () => {
    beforeAll(async () => {
      const targets = WAYS.map((way) => () => leadsTo(way));
      behind = await openManyBehindWall(targets, { packets: 25, atOnce: 4 });
    });
    afterAll(async () => {
      await behind?.close();
      behind = undefined;
    });
    const session = browserSession(kind);

    /**
     * A portal whose form, in the file returned, knows four relays. The first that is asked lies. Whoever carries a
     * letter when the relays have got so many bytes as in `deaths` dies: a process first, then addresses are closed.
     */
    async function open(deaths: readonly number[]): Promise<{ portal: TestPortal; url: string; died: () => number }> {
      const { folder, startPortal, stopLater } = session;
      place().wall.reset();
      const portal = await startPortal({
        config: { ways: { addresses: place().urls, key: makeReceiptKey(), mailboxKey: makeMailboxKey() } },
      });
      const lying = stopLater(await lyingRelay(portal.url, lie));
      const ways: OpenWay[] = [];
      const dead: number[] = [];
      let liar: number | null = null;
      const strike = (way: number) => {
        const bytes = ways.reduce((sum, each) => sum + each.bytes(), 0);
        if (bytes > (deaths[dead.length] ?? Number.POSITIVE_INFINITY) && !dead.includes(way)) {
          if (dead.length > 0) place().block(way);
          dead.push(way);
        }
        return way === dead[0];
      };
      for (const way of WAYS) {
        const line = stopLater(await openWay(() => strike(way)));
        line.lead(stopLater(await honestRelay(portal.url)).url);
        ways.push(line);
      }
      leadsTo = (way) => {
        liar ??= way;
        return way === liar ? lying.url : (ways[way]?.url ?? "");
      };
      const file = join(folder, "form-ru.html");
      await writeFile(file, await (await fetch(`${portal.url}/offline/ru.html`)).text());
      const url = pathToFileURL(file).href;
      await session.page.goto(url);
      await session.form.untilSendable();
      return { portal, url, died: () => dead.length };
    }

    it("sends past a relay that lies and two that die in the middle, and reads the answer", async () => {
      const { form, page } = session;
      const { portal, url, died } = await open([50 * KIB, 90 * KIB]);
      let begun = 0;
      portal.server.on("request", (request) => {
        if (request.method === "POST" && request.url === "/uploads") begun += 1;
      });
      const code = await sendLetter(form, LETTER, DOCUMENT, SEND_MS);
      expect(died()).toBe(2);
      expect(begun).toBe(1);
      const [opened, ...more] = await portal.open();
      expect(more).toEqual([]);
      expect(opened?.record.answers.message).toBe(LETTER);
      expect(opened?.files.map(({ contents }) => contents.equals(DOCUMENT))).toEqual([true]);

      const answer = await answerLetter(portal, code.replaceAll(" ", ""));
      await page.goto(url);
      await form.untilSendable();
      await form.reveal("#field-mailbox-code");
      await page.type("#field-mailbox-code", code);
      await form.press("#read");
      await poll("the answer", () => page.$(".reply-text"), READ_MS);
      expect(await form.text(".reply-text")).toContain(answer);
      expect(place().wall.counts().outbursts).toBe(0);
    }, 400_000);

    it("says where all die in the middle that the letter is not sent, and saves it", async () => {
      const { form, page } = session;
      const { portal, died } = await open([30 * KIB, 40 * KIB, 50 * KIB]);
      await form.write("message", LETTER);
      await form.attach({ name: "приговор.jpg", contents: DOCUMENT });
      await form.press("#send");
      await poll("the offer", () => page.$(".sending > div:not([hidden]) button"), SEND_MS);
      await form.press(".sending > div button");
      await form.untilText("h1", "Письмо зашифровано");
      expect(died()).toBe(3);
      expect(await form.text("#main")).toContain("Считайте письмо неотправленным");
      expect(await portal.stored()).toEqual([]);
      const saved = new Uint8Array(await takeSaved(session.downloads, "appeal.tar.gpg"));
      const handedIn = new FormData();
      handedIn.append("file", new File([saved], "appeal.tar.gpg"));
      expect((await fetch(`${portal.url}/ru/encrypted`, { method: "POST", body: handedIn })).status).toBe(200);
      expect((await portal.open()).map(({ record }) => record.answers.message)).toEqual([LETTER]);
    }, 400_000);
  });
}
