import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReceiptCode, createReply, deriveReplyAddress } from "../../../src/core/index.js";
import { encryptReply } from "../../../src/openpgp/index.js";
import { eventually, startTestPortal, type TestPortal } from "../../support/portal.js";

const UNKNOWN = "a".repeat(32);
/** Rounds of the comparison of times: enough that chance alone stays far from its bounds. */
const ROUNDS = 300;

let portal: TestPortal;
let mailbox: string;
let empty: string;
let key: string;
let reply: string;

async function put(text: string): Promise<{ mailbox: string; key: string; id: string }> {
  const { mailboxes } = portal.store;
  const address = await deriveReplyAddress(createReceiptCode(), await mailboxes.portalSalt());
  const archive = createReply({ text, documents: [] });
  const { id } = await mailboxes.putReply(address.mailbox, await encryptReply(archive.stream, address.key));
  return { ...address, id };
}

beforeAll(async () => {
  portal = await startTestPortal();
  ({ mailbox, key, id: reply } = await put("Здравствуйте."));
  const emptied = await put("x");
  await portal.store.mailboxes.removeReply(emptied.mailbox, emptied.id);
  empty = emptied.mailbox;
});
afterAll(() => portal.stop());

const ask = (path: string, init: RequestInit = {}) => fetch(`${portal.url}/mailbox/${path}`, init);

describe("a mailbox", () => {
  it("lists its replies and gives their ciphertext", async () => {
    const listed = (await (await ask(mailbox)).json()) as { replies: { id: string; bytes: number; day: string }[] };
    expect(listed.replies).toEqual([
      { id: reply, bytes: expect.any(Number), day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    ]);
    const response = await ask(`${mailbox}/${reply}`);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBe(listed.replies[0]?.bytes);
    expect(Buffer.from(bytes).includes(key)).toBe(false);
  });

  it("that nobody has cannot be told from one that is empty, by status, headers or contents", async () => {
    const seen = await Promise.all(
      [UNKNOWN, empty].map(async (id) => {
        const response = await ask(id);
        const headers = Object.fromEntries(response.headers);
        delete headers.date;
        return { status: response.status, headers, body: await response.text() };
      }),
    );
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.body).toBe('{"replies":[]}');
    const gone = await Promise.all([UNKNOWN, empty].map(async (id) => (await ask(`${id}/${reply}`)).status));
    expect(gone).toEqual([404, 404]);
  });

  it("that nobody has cannot be told from one that is empty by how long the answer takes", async () => {
    const slower = { unknown: 0, empty: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each goes first as often as the other, and the rate stays under the limit.
      const order = round % 2 === 0 ? ([UNKNOWN, empty] as const) : ([empty, UNKNOWN] as const);
      const times = new Map<string, number>();
      for (const id of order) times.set(id, await timeOf(id));
      if ((times.get(UNKNOWN) ?? 0) > (times.get(empty) ?? 0)) slower.unknown += 1;
      else slower.empty += 1;
      await new Promise((resolve) => setTimeout(resolve, 11));
    }
    // One that is slower every time would score 300; fair coins leave this range once in ten million times.
    expect(Math.abs(slower.unknown - slower.empty)).toBeLessThan(94);
  });

  it.each(["", "A".repeat(32), "a".repeat(31), "a".repeat(33), "1".repeat(32), "..%2f..", "%00"])(
    "has no other kind of name: %j",
    async (name) => {
      expect((await ask(name)).status).toBe(404);
    },
  );

  it.each(["POST", "PUT", "PATCH", "DELETE"])("takes nothing by %s", async (method) => {
    expect((await ask(mailbox, { method })).status).toBe(404);
    expect(await portal.store.mailboxes.listReplies(mailbox)).toHaveLength(1);
  });

  it("is not shown to another site's page, nor emptied by one", async () => {
    for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://example.org" }]) {
      expect(await statusOf("GET", `/mailbox/${mailbox}`, headers)).toBe(403);
      expect(await statusOf("DELETE", `/mailbox/${mailbox}/${reply}`, headers)).toBe(403);
    }
    expect(await portal.store.mailboxes.listReplies(mailbox)).toHaveLength(1);
  });

  it("lets go of a reply when told to, and does not say whether it was there", async () => {
    const { mailbox, id } = await put("x");
    const answers = await Promise.all(
      [`${mailbox}/${id}`, `${mailbox}/${"0".repeat(32)}`, `${UNKNOWN}/${id}`].map((path) =>
        ask(path, { method: "DELETE" }).then(async (response) => [response.status, await response.text()]),
      ),
    );
    expect(answers).toEqual(Array(3).fill([204, ""]));
    expect(await portal.store.mailboxes.listReplies(mailbox)).toEqual([]);
  });

  it("is not asked without end: too many requests at once are told to wait, and then are answered", async () => {
    const own = await startTestPortal();
    try {
      const status = async () => (await fetch(`${own.url}/mailbox/${UNKNOWN}`)).status;
      const crowd = () => Promise.all(Array.from({ length: 400 }, status));
      // A busy machine may let a crowd come one by one.
      const seen = new Set<number>();
      await eventually(async () => {
        for (const each of await crowd()) seen.add(each);
        return seen.has(429);
      }, "some of a crowd must wait");
      expect(seen).toEqual(new Set([200, 429]));
      await eventually(async () => (await status()) === 200, "a request is answered again");
    } finally {
      await own.stop();
    }
  });
});

async function timeOf(id: string): Promise<number> {
  const begun = performance.now();
  await (await ask(id)).arrayBuffer();
  return performance.now() - begun;
}

/** A browser's fetch would not let a test set these headers. */
function statusOf(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(portal.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
