import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createReceiptCode, createReply, deriveReplyAddress, replyFileName } from "../../src/core/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { OF_THE_PROGRAM, oddRequests } from "../support/odd-requests.js";
import { codeOf, PASSPHRASE, StaffClient, startTestPickup, type TestPickup } from "../support/pickup.js";
import { exchange } from "../support/raw-request.js";

let pickup: TestPickup;
let client: StaffClient;
beforeEach(async () => {
  pickup = await startTestPickup();
  client = new StaffClient(pickup);
});
afterEach(() => pickup.stop());

const nextCode = async (name: string) => {
  pickup.clock.pass(30);
  return codeOf(pickup.staff, name, pickup.clock.now());
};
const names = async () => (await pickup.staff.list()).map(({ name }) => name);

describe("the code of one account", () => {
  it("lets nobody into another, at the sign-in and where a manager signs in again", async () => {
    const signIn = async (name: string, code: string) =>
      (await client.post("/en/sign-in", { name, passphrase: PASSPHRASE, code }, { token: null })).status;
    expect(await signIn("maksym", await nextCode("olha"))).toBe(403);
    expect(await signIn("olha", await nextCode("maksym"))).toBe(403);
    await client.signIn("maksym");
    const { id } = await pickup.put("x");
    for (const named of [{}, { name: "olha" }, { account: "olha" }]) {
      const fields = { id, confirmed: "yes", passphrase: PASSPHRASE, code: await nextCode("olha"), ...named };
      expect((await client.post("/en/delete", fields)).status).toBe(403);
    }
    await pickup.store.find(id);
  });
});

describe("what the client says of itself", () => {
  it("makes no courier a manager: neither fields, nor the query, nor headers, nor cookies", async () => {
    await client.signIn("olha");
    for (const [name, value] of Object.entries({ role: "manager", name: "maksym", admin: "1", session: "maksym" })) {
      client.cookies.set(name, value);
    }
    const headers = {
      "X-Role": "manager",
      "X-Forwarded-User": "maksym",
      "X-Original-URL": "/en/",
      "X-HTTP-Method-Override": "GET",
    };
    const proof = { passphrase: PASSPHRASE, confirmed: "yes", role: "manager", name: "maksym" };
    for (const path of ["staff/add", "staff/remove", "delete"]) {
      for (const query of ["", "?role=manager&name=maksym&confirmed=yes"]) {
        const fields = { ...proof, code: await nextCode("olha"), "new-name": "eve", "new-passphrase": PASSPHRASE };
        expect((await client.post(`/en/${path}${query}`, { ...fields, remove: "maksym" }, { headers })).status).toBe(
          403,
        );
      }
    }
    expect((await client.get("/en/staff?role=manager", headers)).status).toBe(403);
    expect(await names()).toEqual(["maksym", "olha"]);
  });

  it("confirms nothing: a manager who says so must still sign in again", async () => {
    await client.signIn("maksym");
    const { id } = await pickup.put("x");
    expect((await client.post("/en/delete", { id, confirmed: "yes" })).status).toBe(403);
    const added = { "new-name": "eve", "new-passphrase": PASSPHRASE, role: "manager" };
    expect((await client.post("/en/staff/add", added)).status).toBe(403);
    expect(await names()).toEqual(["maksym", "olha"]);
    await pickup.store.find(id);
  });
});

describe("another site", () => {
  it.each([{ Origin: "https://example.org" }, { Origin: "null" }, { "Sec-Fetch-Site": "cross-site" }])(
    "signs nobody in, and nobody out: %j",
    async (headers) => {
      const code = await nextCode("olha");
      const fields = { name: "olha", passphrase: PASSPHRASE, code };
      const forced = await client.post("/en/sign-in", fields, { token: null, headers });
      expect([forced.status, forced.headers.getSetCookie()]).toEqual([403, []]);
      await client.signIn("olha");
      const out = await client.post("/en/sign-out", {}, { headers });
      expect([out.status, out.headers.getSetCookie()]).toEqual([403, []]);
      expect((await client.get("/en/sign-out")).status).toBe(404);
      expect((await client.get("/en/")).status).toBe(200);
    },
  );
});

describe("an account's name", () => {
  it.each([" olha", "olha ", "ol ha", "olha\u00a0", "olha\u200b", "olha\t", "Olha", "оlha", "olha\u0000"])(
    "differs by more than white space, case or script: %j is refused",
    async (name) => {
      await expect(pickup.staff.add(name, "manager", PASSPHRASE)).rejects.toMatchObject({ code: "bad_name" });
      const fields = { name, passphrase: PASSPHRASE, code: await nextCode("olha") };
      expect((await client.post("/en/sign-in", fields, { token: null })).status).toBe(403);
    },
  );
});

describe("an error", () => {
  it.each(oddRequests("/en/sign-in"))("tells nothing of the program: %s", async (_what, request) => {
    const answer = await exchange(pickup.url, request, 2_000);
    expect(answer).not.toMatch(OF_THE_PROGRAM);
    expect((await client.get("/en/sign-in")).status).toBe(200);
  });

  it("in a file of the staff folder is told to the operator, and to nobody else", async () => {
    await client.signIn("maksym");
    await pickup.folder.write("accounts.json", "{ damaged");
    const answer = await client.get("/en/");
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toMatch(/accounts|damaged|backup|\/tmp\//);
    expect(pickup.log.join()).toContain("internal");
  });
});

describe("of a reply that is refused, no byte stays on the disk", () => {
  async function everything(): Promise<ReadonlyMap<string, Buffer>> {
    const entries = await readdir(join(pickup.base, "data"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path)] as const)));
  }

  it.each([
    "the token is wrong",
    "the token comes after the file",
    "it is readable",
    "it is cut",
    "something follows it",
    "it is too large",
    "its name is another",
    "its field is another",
    "nobody is signed in",
  ])("where %s", async (why) => {
    await client.signIn("olha");
    const { mailbox, key } = await deriveReplyAddress(createReceiptCode(), await pickup.store.mailboxes.portalSalt());
    const stream = await encryptReply(createReply({ text: "x", documents: [] }).stream, key);
    const message = Buffer.from(await new Response(stream).arrayBuffer());
    const contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
      "it is readable": Buffer.from(randomUUID()),
      "it is cut": message.subarray(0, -1),
      "something follows it": Buffer.concat([message, Buffer.from("x")]),
      "it is too large": Buffer.alloc(40 * 1024 ** 2, 0xd2),
    };
    const name = why === "its name is another" ? `../${mailbox}-1.reply.gpg.html` : replyFileName(mailbox, 1);
    const reply = new File([contents[why] ?? message], name);
    const form = new FormData();
    form.append(why === "its field is another" ? "other" : "reply", reply);
    if (why === "the token comes after the file") form.append("csrf", client.csrf);
    if (why === "nobody is signed in") client.cookies.clear();
    const before = await everything();
    const token = why === "the token is wrong" ? "x" : why === "the token comes after the file" ? null : client.csrf;
    await (await client.postForm("/en/replies", form, token)).text().catch(() => "");
    expect(await everything()).toEqual(before);
    expect(await pickup.store.mailboxes.listReplies(mailbox)).toEqual([]);
  });
});
