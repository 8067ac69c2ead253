import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ANSWER_BYTES,
  importMailboxKey,
  type MailboxAnswer,
  type Question,
  SEALED_QUESTION_BYTES,
  type SealedQuestion,
  sealQuestion,
} from "../../../src/seal/index.js";
import { streamOf } from "../../support/bytes.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";
import { makeMailboxKey, makeReceiptKey } from "../../support/ways.js";

const mailboxKey = makeMailboxKey();
const MAILBOX = "b".repeat(32);
const UNKNOWN = "a".repeat(32);
const REPLY = randomBytes(100_000);

let portal: TestPortal;
let key: CryptoKey;
let reply: string;
let day: string;
beforeAll(async () => {
  portal = await startTestPortal({ config: { ways: { addresses: [], key: makeReceiptKey(), mailboxKey } } });
  key = await importMailboxKey(new Uint8Array(Buffer.from(mailboxKey.spki, "base64")));
  ({ id: reply, day } = await portal.store.mailboxes.putReply(MAILBOX, streamOf(REPLY)));
});
afterAll(() => portal.stop());

const TYPE = { "Content-Type": "application/octet-stream" };
const post = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${portal.url}/mailbox`, { method: "POST", body, headers: { ...TYPE, ...headers } });

async function send({ bytes, open }: SealedQuestion): Promise<MailboxAnswer> {
  return open(new Uint8Array(await (await post(bytes)).arrayBuffer()));
}
const ask = async (question: Question) => send(await sealQuestion(question, key));

describe("a question that is sealed to the portal", () => {
  it("is answered with what is in the mailbox, all of it", async () => {
    const listed = await ask({ kind: "list", size: "large", mailbox: MAILBOX, from: 0 });
    expect(listed).toEqual({ kind: "replies", more: false, replies: [{ id: reply, day, bytes: REPLY.length }] });
    for (const size of ["large", "small"] as const) {
      const parts: Uint8Array[] = [];
      for (let from = 0; from < REPLY.length; from += parts.at(-1)?.length ?? Number.POSITIVE_INFINITY) {
        const answer = await ask({ kind: "read", size, mailbox: MAILBOX, reply, from });
        if (answer.kind !== "bytes" || answer.bytes.length === 0) throw new Error("no bytes");
        parts.push(answer.bytes);
      }
      expect(Buffer.concat(parts).equals(REPLY)).toBe(true);
    }
  });

  it("has an answer of one status, header and length, whatever is asked and whether there is anything", async () => {
    const seen = new Set<string>();
    const reading = { size: "large", reply, from: 0 } as const;
    const questions: readonly Question[] = [
      { kind: "cover", size: "large", mailbox: MAILBOX },
      { kind: "list", size: "large", mailbox: MAILBOX, from: 0 },
      { kind: "list", size: "large", mailbox: UNKNOWN, from: 0 },
      { kind: "list", size: "large", mailbox: MAILBOX, from: 4_000_000_000 },
      { kind: "read", mailbox: MAILBOX, ...reading },
      { kind: "read", mailbox: MAILBOX, ...reading, from: REPLY.length + 1 },
      { kind: "read", mailbox: UNKNOWN, ...reading },
      { kind: "remove", size: "large", mailbox: UNKNOWN, reply, day },
    ];
    for (const question of questions) {
      const { bytes } = await sealQuestion(question, key);
      const answer = await post(bytes);
      const headers = Object.fromEntries(answer.headers);
      delete headers.date;
      const { byteLength } = await answer.arrayBuffer();
      expect(byteLength).toBe(ANSWER_BYTES.large + 32);
      seen.add(JSON.stringify([answer.status, headers]));
    }
    expect([...seen]).toHaveLength(1);
  });

  it("may be asked by the page of any origin, a file's among them, and nothing else of a mailbox may", async () => {
    const foreign = { Origin: "null", "Sec-Fetch-Site": "cross-site" };
    const asking = { ...foreign, "Access-Control-Request-Method": "POST" };
    const preflight = await fetch(`${portal.url}/mailbox`, { method: "OPTIONS", headers: asking });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toBe("content-type");
    const { bytes } = await sealQuestion({ kind: "cover", size: "small", mailbox: MAILBOX }, key);
    const answer = await post(bytes, foreign);
    expect([answer.status, answer.headers.get("Access-Control-Allow-Origin")]).toEqual([200, "*"]);
    const open = await fetch(`${portal.url}/mailbox/${MAILBOX}`, { headers: foreign });
    expect([open.status, open.headers.has("Access-Control-Allow-Origin")]).toEqual([403, false]);
  });

  it("is refused without a trace if it is none", async () => {
    const { bytes } = await sealQuestion({ kind: "cover", size: "small", mailbox: MAILBOX }, key);
    const tampered = new Uint8Array(bytes);
    tampered[100] = (tampered[100] ?? 0) ^ 1;
    const bodies = [tampered, bytes.slice(0, -1), new Uint8Array(0), new Uint8Array(SEALED_QUESTION_BYTES)];
    for (const body of bodies) expect((await post(body)).status).toBe(400);
    expect((await post(new Uint8Array(SEALED_QUESTION_BYTES + 1))).status).toBe(400);
    const asText = await fetch(`${portal.url}/mailbox`, {
      method: "POST",
      body: bytes,
      headers: { "Content-Type": "text/plain" },
    });
    expect(asText.status).toBe(400);
    expect(portal.log).toEqual([]);
  });

  it("deletes once: a copy of it does nothing to what is stored again on another day", async () => {
    const { mailboxes } = portal.store;
    const other = "c".repeat(32);
    const { id, day } = await mailboxes.putReply(other, streamOf(REPLY));
    const stale = { kind: "remove", size: "small", mailbox: other, reply: id } as const;
    expect(await ask({ ...stale, day: "2020-01-01" })).toEqual({ kind: "removed" });
    expect(await mailboxes.listReplies(other)).toHaveLength(1);
    expect(await ask({ ...stale, day })).toEqual({ kind: "removed" });
    expect(await mailboxes.listReplies(other)).toEqual([]);
    expect(await mailboxes.listReplies(MAILBOX)).toHaveLength(1);
  });

  it("reaches no draft", async () => {
    const draft = "0".repeat(32);
    const answer = await ask({ kind: "read", size: "small", mailbox: MAILBOX, reply: draft, from: 0 });
    expect(answer).toEqual({ kind: "nothing" });
  });

  it("is not there where no form asks it", async () => {
    const ways = { addresses: [], key: makeReceiptKey(), mailboxKey: null };
    const plain = await startTestPortal({ config: { ways } });
    const answer = await fetch(`${plain.url}/mailbox`, { method: "POST", body: new Uint8Array(1), headers: TYPE });
    await plain.stop();
    expect(answer.status).toBe(404);
  });
});
