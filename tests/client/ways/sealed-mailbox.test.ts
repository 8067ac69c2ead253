import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PortalQuestions, SealedMailbox } from "../../../src/client/ways/index.js";
import { streamOf } from "../../support/bytes.js";
import type { Line } from "../../support/line.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";
import { honestRelay, type Lie, lyingRelay, makeMailboxKey, makeReceiptKey } from "../../support/ways.js";

const mailboxKey = makeMailboxKey();
const MAILBOX = "b".repeat(32);
const EMPTY = "a".repeat(32);
const REPLIES = [65_637, 65_637, 200_000].map((bytes) => randomBytes(bytes));
const closing: (() => Promise<unknown>)[] = [];

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal({ config: { ways: { addresses: [], key: makeReceiptKey(), mailboxKey } } });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => portal.stop());

async function put(mailbox: string, replies: readonly Buffer[]): Promise<void> {
  for (const bytes of replies) await portal.store.mailboxes.putReply(mailbox, streamOf(bytes));
}

async function later(line: Promise<Line>): Promise<string> {
  const { url, close } = await line;
  closing.push(close);
  return url;
}

const lie = (way: Lie) => later(lyingRelay(portal.url, way));

const mailboxBy = (addresses: readonly string[], key = mailboxKey.spki) =>
  new SealedMailbox(new PortalQuestions({ addresses, mailboxKey: key }));

const urlOf = (path: string) => new URL(path, "http://portal.invalid");
const listIn = async (mailbox: SealedMailbox, id: string) =>
  (await mailbox.answer(urlOf(`/mailbox/${id}?from=0`), {})?.json()) as { readonly replies: readonly { id: string }[] };

/** The ciphertexts that a worker would read, in order of length. */
async function contentsOf(mailbox: SealedMailbox, id: string): Promise<readonly Buffer[]> {
  const { replies } = await listIn(mailbox, id);
  const found = replies.map(async (reply) => {
    const answer = mailbox.answer(urlOf(`/mailbox/${id}/${reply.id}`), {});
    return Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0));
  });
  return (await Promise.all(found)).sort(Buffer.compare);
}

/** What a relay that passes on honestly has seen of each question: bytes each way. */
function watched(seen: [asked: number, answered: number][]): Lie {
  return async ({ body }, ask) => {
    const answer = await ask();
    const told = await answer.arrayBuffer();
    seen.push([body.length, told.byteLength]);
    return new Response(told, { status: answer.status, headers: answer.headers });
  };
}

const bytes = (length: number) => new Response(new Uint8Array(length), { status: 200 });
let old: ArrayBuffer | null = null;

/** What a relay may try so that somebody believes that there is no answer, or another one. */
const LIES: Readonly<Record<string, Lie>> = {
  "says that there are no replies": async () => Response.json({ replies: [] }),
  "answers zeros of the right length": async () => bytes(67_616),
  "answers nothing": async () => bytes(0),
  "answers without end": async () =>
    new Response(
      new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(100_000)) }),
      { status: 200 },
    ),
  "answers that there is no such thing": async () => new Response(null, { status: 404 }),
  "leads elsewhere": async () => new Response(null, { status: 302, headers: { Location: "/keys.asc" } }),
  "repeats its first answer": async (_request, ask) => {
    // Of a list, to which later questions are others.
    old ??= await (await ask()).arrayBuffer();
    return new Response(old, { status: 200 });
  },
  "changes a byte of the answer": async (_request, ask) => {
    const told = new Uint8Array(await (await ask()).arrayBuffer());
    told[told.length >> 1] = (told[told.length >> 1] ?? 0) ^ 1;
    return new Response(told, { status: 200 });
  },
  "changes a byte of the question": async ({ body }, ask) => {
    const asked = Buffer.from(body);
    asked.writeUInt8((asked.at(-1) ?? 0) ^ 1, asked.length - 1);
    return ask(asked);
  },
  dies: async () => {
    throw new Error("dead");
  },
};

describe("a mailbox that is asked through relays", () => {
  beforeAll(() => put(MAILBOX, REPLIES));
  const wanted = [...REPLIES].sort(Buffer.compare);

  it.each(Object.entries(LIES))("is read whole although two of three relays do this: one %s", async (_what, way) => {
    old = null;
    const mailbox = mailboxBy([await lie(way), await lie(way), await later(honestRelay(portal.url))]);
    await mailbox.fetchAll(MAILBOX);
    expect(await contentsOf(mailbox, MAILBOX)).toEqual(wanted);
  });

  it("is never said to be empty by relays that all lie", async () => {
    const ways = [
      "says that there are no replies",
      "answers zeros of the right length",
      "changes a byte of the answer",
    ];
    const mailbox = mailboxBy(await Promise.all(ways.map((way) => lie(LIES[way] as Lie))));
    await expect(mailbox.fetchAll(MAILBOX)).rejects.toThrow("no way leads to the portal");
    expect(mailbox.answer(urlOf(`/mailbox/${MAILBOX}`), {})?.status).toBe(404);
  });

  it("is not read with another portal's key", async () => {
    const mailbox = mailboxBy([portal.url], makeMailboxKey().spki);
    await expect(mailbox.fetchAll(MAILBOX)).rejects.toThrow("no way leads to the portal");
  });

  it("is as many questions and bytes whether it holds nothing, one or three answers, and where one is deleted", async () => {
    const three = "c".repeat(32);
    const one = "d".repeat(32);
    await put(three, REPLIES.slice(0, 2));
    await put(three, [randomBytes(65_637)]);
    await put(one, REPLIES.slice(0, 1));
    const [question, answer] = [146, 67_616];
    for (const id of [EMPTY, one, three]) {
      const seen: [number, number][] = [];
      await mailboxBy([await lie(watched(seen))]).fetchAll(id);
      expect(seen).toEqual(Array.from({ length: 4 }, () => [question, answer]));
    }
    const seen: [number, number][] = [];
    const mailbox = mailboxBy([await lie(watched(seen))]);
    await mailbox.fetchAll(one);
    seen.length = 0;
    const [listed] = (await listIn(mailbox, one)).replies;
    await mailbox.remove(listed?.id ?? "");
    expect(seen).toEqual(Array.from({ length: 4 }, () => [question, answer]));
    expect(await listIn(mailbox, one)).toEqual({ replies: [] });
    expect(await portal.store.mailboxes.listReplies(one)).toEqual([]);
  });

  it("is read in small pieces where nothing long gets through", async () => {
    const small = "e".repeat(32);
    await put(small, REPLIES.slice(0, 1));
    const seen: [number, number][] = [];
    const narrow: Lie = async (request, ask) => {
      const answer = await watched(seen)(request, ask);
      if ((seen.at(-1)?.[1] ?? 0) > 10_000) throw new Error("cut short");
      return answer;
    };
    const mailbox = mailboxBy([await lie(narrow)]);
    await mailbox.fetchAll(small);
    expect(await contentsOf(mailbox, small)).toEqual(REPLIES.slice(0, 1));
    expect(seen.filter(([, answered]) => answered < 10_000)).toHaveLength(64);
  });

  it("is asked for small answers by the same way, once a large one has begun and gone silent", async () => {
    const silenced = "f".repeat(32);
    await put(silenced, REPLIES.slice(0, 1));
    const seen: [number, number][] = [];
    const silencing: Lie = async (request, ask) => {
      const answer = await watched(seen)(request, ask);
      const told = new Uint8Array(await answer.arrayBuffer());
      const short = told.length < 10_000;
      const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        controller.enqueue(told.subarray(0, 10_000));
        if (short) controller.close();
      };
      return new Response(new ReadableStream({ start }), { status: answer.status });
    };
    // So many that trying a large answer by each would take longer than anybody waits.
    const ways = await Promise.all(Array.from({ length: 6 }, () => lie(silencing)));
    const mailbox = mailboxBy(ways);
    await mailbox.fetchAll(silenced);
    expect(await contentsOf(mailbox, silenced)).toEqual(REPLIES.slice(0, 1));
    expect(seen.filter(([, answered]) => answered > 10_000)).toHaveLength(1);
    expect(seen.filter(([, answered]) => answered < 10_000)).toHaveLength(64);
  });

  it("is not asked for what was never read", async () => {
    const mailbox = mailboxBy([portal.url]);
    await expect(mailbox.remove("0f".repeat(16))).rejects.toThrow();
    expect(mailbox.answer(urlOf("/uploads"), {})).toBeNull();
  });
});
