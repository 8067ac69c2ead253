import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { UploadError, upload } from "../../../src/client/upload.js";
import { ManyWays } from "../../../src/client/ways/index.js";
import { shareOf } from "../../support/length.js";
import type { Line } from "../../support/line.js";
import { submissionMessage } from "../../support/message.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";
import { uploadOptions } from "../../support/upload-options.js";
import { honestRelay, LIES, type Lie, lyingRelay, makeReceiptKey } from "../../support/ways.js";

const key = makeReceiptKey();
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  globalThis.posternFetch = undefined;
  for (const close of closing.splice(0).reverse()) await close();
});

async function startPortal(): Promise<TestPortal> {
  const portal = await startTestPortal({ config: { ways: { addresses: [], key, mailboxKey: null } } });
  closing.push(portal.stop);
  return portal;
}

async function later(line: Promise<Line>): Promise<string> {
  const { url, close } = await line;
  closing.push(close);
  return url;
}

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function storedDigests(portal: TestPortal): Promise<string[]> {
  const names = await portal.stored();
  return Promise.all(names.map(async (name) => digestOf(await readFile(join(portal.folder, "submissions", name)))));
}

/** Sends as the worker of the offline form does: anew where an upload was lost or spoilt. Rejects as that gives up. */
async function send(bytes: Buffer, addresses: readonly string[], known = key.spki): Promise<void> {
  globalThis.posternFetch = new ManyWays({ addresses, key: known }).fetch;
  for (;;) {
    try {
      const stream = new Blob([new Uint8Array(bytes)]).stream();
      return await upload(stream, uploadOptions("http://portal.invalid"));
    } catch (cause) {
      if (!(cause instanceof UploadError)) throw cause;
      if (cause.code !== "lost" && cause.code !== "digest_mismatch") throw cause;
    }
  }
}

const refusedForGood = { code: "refused", cause: "no_way" };

describe("a letter by many ways", () => {
  it("arrives once and whole, whichever of portal and relay is asked first", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 700_000);
    await send(bytes, [portal.url, await later(honestRelay(portal.url))]);
    expect(await storedDigests(portal)).toEqual([digestOf(bytes)]);
  });

  it.each(shareOf(Object.entries(LIES), 3))("arrives whole although a relay %s", async (_what, lie: Lie) => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 700_000);
    // Whichever comes first: one honest way among liars.
    const liars = [await later(lyingRelay(portal.url, lie)), await later(lyingRelay(portal.url, lie))];
    await send(bytes, [...liars, await later(honestRelay(portal.url))]);
    const stored = await storedDigests(portal);
    expect(stored.filter((digest) => digest === digestOf(bytes))).toHaveLength(1);
  });

  it.each(shareOf(["answers all by itself", "answers 200 to all", "refuses all", "changes a byte"], 2))(
    "is not said to have arrived where the only relay %s",
    async (what) => {
      const portal = await startPortal();
      const bytes = await submissionMessage(portal.recipient, 100_000);
      const liar = await later(lyingRelay(portal.url, LIES[what] as Lie));
      await expect(send(bytes, [liar])).rejects.toMatchObject({ code: "refused" });
      expect(await storedDigests(portal)).not.toContain(digestOf(bytes));
    },
  );

  it("is not said to have arrived at a portal with another key", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 100_000);
    await expect(send(bytes, [portal.url], makeReceiptKey().spki)).rejects.toMatchObject(refusedForGood);
  });

  it("is given up where nothing answers", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 1_000);
    await expect(send(bytes, ["http://127.0.0.1:1", "http://127.0.0.1:2"])).rejects.toMatchObject(refusedForGood);
  });

  it("goes on by another way where two die in the middle, at the same upload", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 3_000_000);
    const begun: string[] = [];
    portal.server.on("request", ({ method = "" }) => void (method === "POST" && begun.push(method)));
    let deaths = 0;
    // Dies at the first piece that comes after 300,000 bytes; the last one alive stays.
    const mortal = (): Lie => {
      let carried = 0;
      let dead = false;
      return async ({ body }, ask) => {
        if (!dead && carried > 300_000 && deaths < 2) {
          deaths += 1;
          dead = true;
        }
        if (dead) throw new Error("dead");
        carried += body.length;
        return ask();
      };
    };
    const relays = await Promise.all([0, 1, 2].map(() => later(lyingRelay(portal.url, mortal()))));
    await send(bytes, relays);
    expect(deaths).toBe(2);
    expect(begun).toHaveLength(1);
    expect(await storedDigests(portal)).toEqual([digestOf(bytes)]);
  });

  it("leaves no silent relay the whole time for the question how far an upload is", async () => {
    const asked: string[] = [];
    const silent = (signal: AbortSignal | null | undefined) =>
      new Promise<Response>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const ways = new ManyWays({
      addresses: ["https://a.example", "https://b.example", "https://c.example"],
      key: key.spki,
      send: async (input, init) => {
        asked.push(new URL(String(input)).origin);
        return silent(init?.signal);
      },
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const ending = new AbortController();
      const url = new URL(`https://x.invalid/uploads/${"a".repeat(32)}`);
      const answer = ways.fetch(url, { method: "HEAD", signal: ending.signal });
      const ended = expect(answer).rejects.toThrow(TypeError);
      await vi.advanceTimersByTimeAsync(24_000);
      await ended;
      expect(new Set(asked)).toHaveProperty("size", 3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves nothing behind when it is cancelled, although one relay refuses and another is dead", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 3_000_000);
    const cancelling = new AbortController();
    const liar = await later(lyingRelay(portal.url, LIES["refuses all"] as Lie));
    globalThis.posternFetch = new ManyWays({
      addresses: [liar, "http://127.0.0.1:1", portal.url],
      key: key.spki,
    }).fetch;
    const sending = upload(
      new Blob([new Uint8Array(bytes)]).stream(),
      uploadOptions("http://portal.invalid", {
        signal: cancelling.signal,
        onProgress: () => cancelling.abort(new DOMException("cancelled", "AbortError")),
      }),
    );
    await expect(sending).rejects.toMatchObject({ name: "AbortError" });
    expect(await storedDigests(portal)).toEqual([]);
    expect(await readdir(join(portal.folder, "uploads")).catch(() => [])).toEqual([]);
  });

  it("asks every way, those that were there when an upload was spoilt as well", async () => {
    const portal = await startPortal();
    const bytes = await submissionMessage(portal.recipient, 700_000);
    const spoiling = await later(lyingRelay(portal.url, LIES["changes a byte"] as Lie));
    const honest = await later(honestRelay(portal.url));
    for (let visit = 0; visit < 4; visit += 1) await send(bytes, [spoiling, honest, "http://127.0.0.1:1"]);
    expect((await storedDigests(portal)).filter((digest) => digest === digestOf(bytes))).toHaveLength(4);
  });

  it("begins by each way alike often", async () => {
    const addresses = ["https://a.example", "https://b.example", "https://c.example", "https://d.example"];
    const counts = new Map(addresses.map((address) => [address, 0]));
    for (let visit = 0; visit < 400; visit += 1) {
      const first: string[] = [];
      const ways = new ManyWays({
        addresses,
        key: key.spki,
        send: async (input) => {
          first.push(new URL(String(input)).origin);
          throw new TypeError("no connection");
        },
      });
      await ways.fetch(new URL("https://x.invalid/uploads"), { method: "POST" }).catch(() => undefined);
      expect([...first].sort()).toEqual(addresses);
      counts.set(first[0] ?? "", (counts.get(first[0] ?? "") ?? 0) + 1);
    }
    // 100 expected, with a standard deviation below 9: outside by chance in 1 of 10^9 runs.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(55);
  });

  it("takes no task that would keep a device busy for hours", async () => {
    const task = (cost: number, keyLength = 32) =>
      new ManyWays({
        addresses: ["https://a.example"],
        key: key.spki,
        send: async () => Response.json({ parameters: { cost, keyLength } }),
      }).fetch(new URL("https://a.example/challenge"), {});
    expect((await task(2_000)).status).toBe(200);
    const portal = await startPortal();
    const own = new ManyWays({ addresses: [portal.url], key: key.spki });
    expect((await own.fetch(new URL("http://portal.invalid/challenge"), {})).status).toBe(200);
    await expect(task(4_000_000_000)).rejects.toThrow(TypeError);
    await expect(task(2_000, 1_000_000_000)).rejects.toThrow(TypeError);
  });
});
