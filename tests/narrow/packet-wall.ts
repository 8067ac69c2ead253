import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BehindWall, canBeBehindWall, openBehindWall } from "../support/behind-wall.js";
import { browserSession } from "../support/browser-session.js";
import { browsersInside, isInstalled, poll } from "../support/browsers.js";
import { answerLetter, readReply, sendLetter } from "../support/correspondence.js";
import { atLength } from "../support/length.js";
import { SERVER } from "../support/packet-wall.js";
import type { TestPortal } from "../support/portal.js";
import { Random } from "../support/seed.js";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Of a letter, and of a large one. */
const LETTER_KIB = atLength(100, 300);
const LARGE_MIB = 5;
const SEND_MS = 240_000;
const READ_MS = 60_000;
const WALL = { packets: 25, atOnce: 4 };
/** Four connections at one time, for a second: the fourth does not come about. */
const FOUR_CONNECTIONS = "exec 3<>/dev/tcp/$0/443 4<>/dev/tcp/$0/443 5<>/dev/tcp/$0/443 6<>/dev/tcp/$0/443";

/** Defines what `tool`, a browser, does behind a wall that counts packets and connections. */
export function behindPacketWall(tool: "chromium" | "firefox-esr"): void {
  let behind: BehindWall | undefined;
  const place = (): BehindWall => {
    if (behind === undefined) throw new Error("the wall stands only while its tests run");
    return behind;
  };
  const [kind] = browsersInside(place).filter((each) => each.tool === tool);
  if (kind === undefined) throw new Error(`there is no ${tool}`);
  const possible = canBeBehindWall(`${kind.name} behind a wall that counts packets`) && isInstalled(kind);

  describe.runIf(possible)(`${kind.name} behind a wall of 25 packets a connection and 4 connections`, () => {
    let portal: TestPortal;

    beforeAll(async () => {
      behind = await openBehindWall(() => portal.url, WALL);
    });
    afterAll(async () => {
      await behind?.close();
      behind = undefined;
    });
    const session = browserSession(kind);
    beforeEach(async () => {
      portal = await session.startPortal();
      place().wall.reset();
    });

    /** Opens the form, whose client in one does not pass, and counts anew from there. */
    async function load(): Promise<void> {
      const { wall, url } = place();
      // A page of which a part goes silent is loaded late, and can be used long before.
      await session.page.goto(`${url}/ru/`, { waitUntil: "domcontentloaded", timeout: SEND_MS });
      await session.form.untilSendable();
      expect(wall.counts().outbursts).toBe(0);
      wall.reset();
    }

    /** Sends a letter with a document of so many bytes, and returns the number on its receipt. */
    async function send(bytes: number): Promise<string> {
      const { form } = session;
      const contents = Buffer.from(new Random("narrow").bytes(bytes));
      await load();
      const code = await sendLetter(form, "Письмо по частям", contents, SEND_MS);
      const [opened] = await portal.open();
      expect(opened?.record.answers).toEqual({ message: "Письмо по частям" });
      expect(opened?.files[0]?.contents.equals(contents)).toBe(true);
      return code;
    }

    it(`gets ready, sends a letter with ${LETTER_KIB} KiB of documents, and reads the reply`, async () => {
      const { form } = session;
      const code = await send(LETTER_KIB * KIB);
      const sent = place().wall.counts();
      expect(sent.connections).toBeGreaterThan(LETTER_KIB / 5);
      expect(sent.outbursts).toBe(0);
      const answer = await answerLetter(portal, code);
      await readReply(form, place().url, code, READ_MS);
      expect(await form.text()).toContain(answer);
      expect(place().wall.counts().outbursts).toBe(0);
    }, 300_000);

    if (!atLength(false, true)) return;

    it(`sends ${LARGE_MIB} MiB, hardly any of some 260 connections a MiB goes silent, and they never set the wall off`, async () => {
      await send(LARGE_MIB * MIB);
      const { stalls, connections, outbursts } = place().wall.counts();
      expect(connections).toBeGreaterThan(240 * LARGE_MIB);
      expect(stalls).toBeLessThan(connections / 10);
      expect(outbursts).toBe(0);
    }, 300_000);

    it("waits where something else has set the wall off, says so, and goes on", async () => {
      const { form, page } = session;
      const { wall } = place();
      await load();
      await form.write("message", "Письмо по частям");
      await form.attach({ name: "приговор.jpg", contents: Buffer.from(new Random("angry").bytes(100 * KIB)) });
      await form.press("#send");
      await poll("the first bytes", async () =>
        (await page.$eval("progress", ({ value }) => value)) > 0 ? true : null,
      );
      wall.people.run("sh", "-c", 'timeout 1 bash -c "$1" "$2" || true', "sh", FOUR_CONNECTIONS, SERVER);
      expect(wall.counts().outbursts).toBeGreaterThan(0);
      await form.untilText(".sending [role=status]", "Связь прервалась");
      await poll("the receipt", () => page.$(".receipt-code"), 180_000);
      const [opened] = await portal.open();
      expect(opened?.files).toHaveLength(1);
    }, 300_000);
  });
}
