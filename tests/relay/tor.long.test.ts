import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { upload } from "../../src/client/upload.js";
import { ManyWays, PortalQuestions, SealedMailbox } from "../../src/client/ways/index.js";
import { poll } from "../support/browsers.js";
import { streamOf } from "../support/bytes.js";
import { type RunningPortal, serveRelay } from "../support/command.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { requireTools } from "../support/tools.js";
import { type TorNetwork, torNetwork } from "../support/tor-network.js";
import { uploadOptions } from "../support/upload-options.js";
import { makeMailboxKey, makeReceiptKey, type OpenWay, openWay } from "../support/ways.js";

const key = makeReceiptKey();
const mailboxKey = makeMailboxKey();
const FOLLOWS_MS = 180_000;
const MAILBOX = "b".repeat(32);
const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe.runIf(requireTools("a relay to an onion service", "tor", "tor-gencert", "bash"))("a relay through Tor", () => {
  let way: OpenWay;
  let tor: TorNetwork;
  let portal: TestPortal;
  let relay: RunningPortal;

  beforeAll(async () => {
    way = await openWay();
    tor = await torNetwork(new URL(way.url).host);
    portal = await startTestPortal({ config: { onion: tor.onion, ways: { addresses: [], key, mailboxKey } } });
    way.lead(portal.url);
    relay = await serveRelay(["--to", `http://${tor.onion}`, "--socks", tor.socks], { cwd: portal.folder });
    const published = async () => ((await fetch(new URL("/keys.json", relay.url))).ok ? true : null);
    await poll("the onion service by the relay", published, FOLLOWS_MS);
  }, 600_000);
  afterAll(async () => {
    await relay?.kill("SIGTERM");
    await tor?.close();
    await portal?.stop();
    await way?.close();
  });

  it(
    "passes a letter on, whose circuit is cut in the middle, once and whole",
    async () => {
      const bytes = await submissionMessage(portal.recipient, 3_000_000);
      let begun = 0;
      portal.server.on("request", ({ method, url }) => {
        if (method === "POST" && url === "/uploads") begun += 1;
      });
      globalThis.posternFetch = new ManyWays({ addresses: [relay.url], key: key.spki }).fetch;
      let cut: Promise<number> | null = null;
      const lines: string[] = [];
      const onProgress = (sent: number) => {
        if (sent > 200_000) cut ??= tor.closeCircuits();
      };
      const stream = new Blob([new Uint8Array(bytes)]).stream();
      const options = { onProgress, onLine: (line: string) => void lines.push(line) };
      await upload(stream, uploadOptions("http://portal.invalid", options)).finally(() => {
        globalThis.posternFetch = undefined;
      });
      expect(await cut).toBeGreaterThan(0);
      expect(lines).toContain("broken");
      expect(begun).toBe(1);
      const [name = "", ...more] = await portal.stored();
      expect(more).toEqual([]);
      expect(digestOf(await readFile(join(portal.folder, "submissions", name)))).toBe(digestOf(bytes));
    },
    FOLLOWS_MS,
  );

  it(
    "brings the answers of a mailbox",
    async () => {
      const reply = Buffer.alloc(100_000, 7);
      await portal.store.mailboxes.putReply(MAILBOX, streamOf(reply));
      const mailbox = new SealedMailbox(new PortalQuestions({ addresses: [relay.url], mailboxKey: mailboxKey.spki }));
      await mailbox.fetchAll(MAILBOX);
      const urlOf = (path: string) => new URL(path, "http://portal.invalid");
      const [listed] = await portal.store.mailboxes.listReplies(MAILBOX);
      const read = mailbox.answer(urlOf(`/mailbox/${MAILBOX}/${listed?.id}`), {});
      expect(Buffer.from((await read?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(reply)).toBe(true);
    },
    FOLLOWS_MS,
  );
});
