import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createReceiptCode,
  createReply,
  deriveReplyAddress,
  replyFileName,
  writeAcknowledgement,
  writeDeletionList,
} from "../../src/core/index.js";
import { encryptReply, openReply } from "../../src/openpgp/index.js";
import { AuditTrail } from "../../src/pickup/index.js";
import { codeOf, PASSPHRASE, StaffClient, startTestPickup, type TestPickup } from "../support/pickup.js";

const DAY_S = 24 * 60 * 60;
const sha256 = (contents: string | Uint8Array) => createHash("sha256").update(contents).digest("hex");

let pickup: TestPickup;
let courier: StaffClient;
beforeEach(async () => {
  pickup = await startTestPickup();
  courier = new StaffClient(pickup);
});
afterEach(() => pickup.stop());

const manager = async () => {
  const client = new StaffClient(pickup);
  expect((await client.signIn("maksym")).status).toBe(303);
  return client;
};

describe("signing in", () => {
  it("is the only page without a session", async () => {
    const { id } = await pickup.put("x");
    const paths = [
      "/",
      "/en/",
      "/uk/",
      "/en/staff",
      `/en/submissions/${id}`,
      "/nothing",
      "/healthz",
      "/keys.asc",
      "/ru/",
    ];
    for (const path of paths) {
      const response = await courier.get(path);
      expect([path, response.status], path).toEqual([path, 303]);
      expect(response.headers.get("location")).toMatch(/^\/(uk|en)\/sign-in$/);
    }
    for (const path of [
      "/en/collect",
      "/en/delete",
      "/en/acknowledge",
      "/en/replies",
      "/en/outbox",
      "/en/staff/add",
      "/en/sign-out",
    ]) {
      const response = await courier.post(path, { all: "new" });
      expect([response.status, response.headers.get("location")]).toEqual([303, "/en/sign-in"]);
    }
    expect((await courier.get("/en/sign-in")).status).toBe(200);
  });

  it("takes name, passphrase and code, and starts a session that scripts and other sites cannot use", async () => {
    const response = await courier.signIn("olha");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/en/"]);
    for (const line of response.headers.getSetCookie()) {
      expect(line).toMatch(/^__Host-(postern|device)=[^;]+; (Max-Age=\d+; )?Path=\/;/);
      for (const word of ["HttpOnly", "Secure", "SameSite=Strict"]) expect(line).toContain(word);
      expect(line).not.toContain("Domain");
    }
    expect(await courier.page("/en/")).toContain("olha, courier");
    expect(await courier.page("/uk/")).toContain("olha (роль: кур’єр)");
  });

  it.each([
    ["a wrong passphrase", { passphrase: "wrong horse battery" }],
    ["a wrong code", { code: "000000" }],
    ["no code", { code: "" }],
    ["an unknown name", { name: "nobody" }],
    ["a name of another kind", { name: "__proto__" }],
    ["nothing at all", { name: "", passphrase: "", code: "" }],
  ])("is refused for %s, always with the same message", async (_what, wrong) => {
    const code = await codeOf(pickup.staff, "olha", pickup.clock.now());
    const response = await courier.post(
      "/en/sign-in",
      { name: "olha", passphrase: PASSPHRASE, code, ...wrong },
      { token: null },
    );
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("The name, passphrase or code is wrong.");
    expect(courier.cookies.size).toBe(0);
  });

  it("accepts each code once, also of two concurrent requests and after a restart", async () => {
    const code = await codeOf(pickup.staff, "olha", pickup.clock.now());
    const both = [new StaffClient(pickup), new StaffClient(pickup)].map((client) =>
      client.post("/en/sign-in", { name: "olha", passphrase: PASSPHRASE, code }, { token: null }),
    );
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([303, 403]);
    expect((await pickup.staff.list()).find(({ name }) => name === "olha")?.lastStep).not.toBeNull();
    expect(
      (await courier.post("/en/sign-in", { name: "olha", passphrase: PASSPHRASE, code }, { token: null })).status,
    ).toBe(403);
  });

  it("does not continue a session that the browser sent", async () => {
    courier.cookies.set("__Host-postern", "planted");
    await courier.signIn("olha");
    const first = courier.cookies.get("__Host-postern");
    expect(first).not.toBe("planted");
    await courier.signIn("olha");
    expect(courier.cookies.get("__Host-postern")).not.toBe(first);
    const old = new StaffClient(pickup);
    old.cookies.set("__Host-postern", first ?? "");
    expect((await old.get("/en/")).status).toBe(303);
  });

  it("is limited to five wrong passphrases, separately for a known browser; wrong codes do not count", async () => {
    await courier.signIn("olha");
    const stranger = new StaffClient(pickup);
    for (let count = 0; count < 40; count += 1) {
      await stranger.post("/en/sign-in", { name: "olha", passphrase: "wrong", code: "123456" }, { token: null });
    }
    for (let count = 0; count < 5; count += 1)
      expect((await stranger.signIn("olha", "wrong passphrase")).status).toBe(403);
    const refused = await stranger.signIn("olha");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect((await courier.signIn("olha")).status).toBe(303);
    const audit = await pickup.folder.read("audit.jsonl");
    expect(audit?.match(/sign_in_refused/g)).toHaveLength(5);
  });

  it("keeps the attempts of a known browser apart after a restart too, and renews its token", async () => {
    await courier.signIn("olha");
    const token = courier.cookies.get("__Host-device");
    await pickup.restart();
    const stranger = new StaffClient(pickup);
    for (let count = 0; count < 5; count += 1) await stranger.signIn("olha", "wrong passphrase");
    expect((await stranger.signIn("olha")).status).toBe(429);
    expect((await courier.signIn("olha")).status).toBe(303);
    expect(courier.cookies.get("__Host-device")).toBe(token);
    pickup.clock.pass(200 * DAY_S);
    expect((await courier.signIn("olha")).status).toBe(303);
    const renewed = courier.cookies.get("__Host-device") ?? "";
    expect(renewed).not.toBe(token);
    expect(renewed.split(".")[0]).toBe(token?.split(".")[0]);
  });

  it("is refused to the sessions and the browsers of a removed account once its name is given again", async () => {
    const client = await manager();
    const before = await pickup.staff.find("maksym");
    await pickup.staff.add("iryna", "manager", PASSPHRASE);
    await pickup.staff.remove("maksym");
    await pickup.staff.add("maksym", "manager", PASSPHRASE);
    expect((await pickup.staff.find("maksym")).id).not.toBe(before.id);
    for (const path of ["/en/", "/en/staff"]) expect((await client.get(path)).status).toBe(303);
    const stranger = new StaffClient(pickup);
    for (let count = 0; count < 5; count += 1) await stranger.signIn("maksym", "wrong passphrase");
    expect((await client.signIn("maksym")).status, "the old browser is a new one to the new account").toBe(429);
  });

  it("works with accounts of version 0.1.0, which have no id", async () => {
    const path = join(pickup.staffPath, "accounts.json");
    const { accounts, ...rest } = JSON.parse(await readFile(path, "utf8")) as { accounts: { id?: string }[] };
    await writeFile(path, JSON.stringify({ ...rest, accounts: accounts.map(({ id: _id, ...each }) => each) }));
    const ids = (await pickup.staff.list()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect((await courier.signIn("olha")).status).toBe(303);
    // Signing in has written the file anew.
    expect((await pickup.staff.list()).map(({ id }) => id)).toEqual(ids);
    expect((await courier.get("/en/")).status).toBe(200);
    await pickup.restart();
    await courier.signIn("olha");
    await pickup.staff.remove("olha");
    await pickup.staff.add("olha", "courier", PASSPHRASE);
    expect((await courier.get("/en/")).status).toBe(303);
  });

  it("takes as long for an unknown name as for a wrong code", async () => {
    await pickup.stop();
    pickup = await startTestPickup({ costly: true });
    courier = new StaffClient(pickup);
    const times: Record<string, number[]> = { olha: [], nobody: [] };
    for (let round = 0; round < 40; round += 1) {
      for (const [name, found] of Object.entries(times)) {
        const before = performance.now();
        await courier.post("/en/sign-in", { name, passphrase: PASSPHRASE, code: "000000" }, { token: null });
        found.push(performance.now() - before);
      }
    }
    const median = (values: number[] = []) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    // Hashing a passphrase takes 200 ms, so it would show.
    expect(Math.abs(median(times.olha) - median(times.nobody))).toBeLessThan(20);
  });

  it("ends after half an hour without activity, on signing out, and when the account is removed", async () => {
    await courier.signIn("olha");
    pickup.clock.pass(29 * 60);
    expect((await courier.get("/en/")).status).toBe(200);
    pickup.clock.pass(31 * 60);
    expect((await courier.get("/en/")).status).toBe(303);
    await courier.signIn("olha");
    expect((await courier.post("/en/sign-out", {})).status).toBe(303);
    expect((await courier.get("/en/")).status).toBe(303);
    await courier.signIn("olha");
    await pickup.staff.remove("olha");
    expect((await courier.get("/en/")).status).toBe(303);
  });
});

describe("every change", () => {
  const CHANGES = [
    "sign-out",
    "collect",
    `submissions/${"0".repeat(32)}`,
    "acknowledge",
    "replies",
    "delete",
    "staff/add",
    "staff/remove",
  ];

  it.each(CHANGES)("needs the CSRF token and the same origin: %s", async (path) => {
    const client = await manager();
    const { id } = await pickup.put("x");
    const other = new StaffClient(pickup);
    await other.signIn("olha");
    const fields = { id, all: "new", confirmed: "yes", text: "{}" };
    for (const token of [null, "", "x", other.csrf]) {
      expect((await client.post(`/en/${path}`, fields, { token })).status).toBe(403);
    }
    for (const headers of [
      { Origin: "https://example.org" },
      { Origin: "null" },
      { Origin: "" },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
    ]) {
      expect((await client.post(`/en/${path}`, fields, { headers })).status).toBe(403);
    }
    expect((await pickup.ledger.read()).isNew(id)).toBe(true);
    expect((await client.get("/en/")).status).toBe(200);
  });

  it("is impossible with GET", async () => {
    const client = await manager();
    for (const path of CHANGES) expect((await client.get(`/en/${path}`)).status).toBe(404);
  });

  it("for managers is refused to a courier", async () => {
    await courier.signIn("olha");
    const { id } = await pickup.put("x");
    const confirmed = async () => ({
      id,
      confirmed: "yes",
      passphrase: PASSPHRASE,
      code: await codeOf(pickup.staff, "olha", pickup.clock.now()),
      "new-name": "eve",
      "new-passphrase": PASSPHRASE,
      role: "manager",
      remove: "maksym",
    });
    for (const path of ["delete", "staff/add", "staff/remove"]) {
      pickup.clock.pass(30);
      expect((await courier.post(`/en/${path}`, await confirmed())).status).toBe(403);
    }
    expect((await courier.get("/en/staff")).status).toBe(403);
    expect((await pickup.staff.list()).map(({ name }) => name)).toEqual(["maksym", "olha"]);
    await pickup.store.find(id);
  });
});

describe("downloading", () => {
  /** The address that the page's button for a submission leads to. */
  const download = async (id: string) => {
    const response = await courier.post(`/en/submissions/${id}`, {});
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toMatch(/^\/en\/downloads\/[0-9a-f]{32}$/);
    return response.headers.get("location") ?? "";
  };

  /** How often something was collected, as the audit trail has it. */
  const collections = async () => (await pickup.folder.read("audit.jsonl"))?.match(/"collected"/g)?.length ?? 0;

  it("lists submissions by progress", async () => {
    const [first, second] = [await pickup.put("x".repeat(70_000)), await pickup.put("y")];
    await pickup.ledger.add([
      { kind: "collected", id: first.id, sha256: sha256("x".repeat(70_000)), by: "olha", day: "2026-11-01" },
    ]);
    await courier.signIn("olha");
    const fresh = await courier.page("/en/");
    expect(fresh).toContain(second.id);
    expect(fresh).not.toContain(first.id);
    expect(fresh).toContain("New (1)");
    expect(fresh).toContain("1 submission was collected 14 days ago or more and never acknowledged.");
    expect(fresh).toContain("Renew this key now");
    expect(fresh).toContain("2026-11-23: 2");
    const all = await courier.page("/en/?show=all");
    expect(all).toContain("collected on 2026-11-01 by olha");
    expect(all).toContain("68.4\u00a0KB");
  });

  it("sends one submission, in ranges if asked, and marks it once its end has been sent", async () => {
    const contents = "0123456789".repeat(1000);
    const { id } = await pickup.put(contents);
    await courier.signIn("olha");
    const path = await download(id);
    const part = await courier.get(path, { Range: "bytes=10-19" });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      "bytes 10-19/10000",
      "0123456789",
    ]);
    expect((await courier.get(path, { Range: "bytes=10000-" })).status).toBe(416);
    expect((await pickup.ledger.read()).isNew(id)).toBe(true);
    const whole = await courier.get(path);
    expect(whole.headers.get("content-disposition")).toBe(`attachment; filename=${id}.tar.gpg`);
    expect(await whole.text()).toBe(contents);
    await expect
      .poll(async () => (await pickup.ledger.read()).of(id).collected)
      .toMatchObject({ by: "olha", day: "2026-11-23", sha256: sha256(contents) });
    await expect.poll(async () => (await courier.get(path)).status, { message: "a ticket ends with it" }).toBe(404);
  });

  it("can be resumed by a browser, which asks for the rest of what it has begun", async () => {
    const contents = "0123456789".repeat(1000);
    const { id } = await pickup.put(contents);
    await courier.signIn("olha");
    const path = await download(id);
    const etag = (await courier.get(path, { Range: "bytes=0-4999" })).headers.get("etag") ?? "";
    expect(etag).toBe(`"${id}"`);
    const other = await courier.get(path, { Range: "bytes=5000-5001", "If-Range": '"other"' });
    expect([other.status, (await other.text()).length], "of something else it gets the whole").toEqual([200, 10_000]);
    const second = await download(id);
    const rest = await courier.get(second, { Range: "bytes=5000-", "If-Range": etag });
    expect([rest.status, await rest.text()]).toEqual([206, contents.slice(5000)]);
    await expect.poll(collections).toBe(2);
  });

  it("is not marked by asking for its headers only", async () => {
    const { id } = await pickup.put("x");
    await courier.signIn("olha");
    const path = await download(id);
    const head = await courier.head(path);
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "1"]);
    expect(await (await courier.get(path)).text()).toBe("x");
    await expect.poll(collections, { message: "once, by the second request" }).toBe(1);
  });

  it("has nothing secret in any address on the page", async () => {
    await pickup.put("x");
    const client = await manager();
    const page = await client.page("/en/");
    const addresses = [...page.matchAll(/(?:href|action|formaction|src)="([^"]*)"/g)].map(
      ([, address = ""]) => address,
    );
    expect(addresses.length).toBeGreaterThan(10);
    for (const address of addresses) {
      expect(address).not.toContain(client.csrf);
      expect(address).toMatch(
        /^(?:#\w+|\/pickup-[0-9a-f]{16}\.css|\/en\/[\w/-]*(?:\?(?:show=\w+|page=\d+|&amp;)+)?|\/uk\/)$/,
      );
    }
  });

  it("by a ticket is for the session that got it, and for its submission only", async () => {
    const { id } = await pickup.put("x");
    await courier.signIn("olha");
    const path = await download(id);
    const other = await manager();
    expect((await other.get(path)).status).toBe(404);
    expect((await new StaffClient(pickup).get(path)).status).toBe(303);
    await courier.post("/en/sign-out", {});
    await courier.signIn("olha");
    expect((await courier.get(path)).status).toBe(404);
    expect((await pickup.ledger.read()).isNew(id)).toBe(true);
  });

  it("keeps the last hundred tickets of a session", async () => {
    const { id } = await pickup.put("x");
    await courier.signIn("olha");
    const [first = "", second = "", ...more] = await Promise.all(Array.from({ length: 101 }, () => download(id)));
    const statuses = async (paths: readonly string[]) =>
      Promise.all(paths.map(async (path) => (await courier.head(path)).status));
    expect((await statuses([first, second, ...more])).filter((status) => status === 404)).toHaveLength(1);
  });

  it.each([
    ["another's token", (id: string) => id, "x", 403],
    ["no token", (id: string) => id, null, 403],
    ["a path", () => "..%2f..%2fstaff%2faccounts.json", undefined, 404],
    ["header lines", () => "x%0d%0aSet-Cookie:%20a=b", undefined, 404],
    ["a null byte", () => "%00", undefined, 404],
    ["somebody else's suffix", (id: string) => `${id}.tar.gpg`, undefined, 404],
    ["capitals", (id: string) => `${id.toUpperCase()}A`, undefined, 404],
  ])("is refused for %s", async (_what, name, token, status) => {
    const { id } = await pickup.put("x");
    await courier.signIn("olha");
    const path = `/en/submissions/${name(id)}`;
    const response = await courier.post(path, {}, token === undefined ? {} : { token });
    expect(response.status).toBe(status);
    expect(response.headers.get("set-cookie")).toBeNull();
    for (const query of ["", `?token=${courier.csrf}`]) expect((await courier.get(path + query)).status).toBe(404);
    expect((await courier.get(`/en/downloads/${name(id)}`)).status).toBe(404);
  });

  it("sends all new submissions as one tar with a manifest for sha256sum", async () => {
    const contents = ["a".repeat(100), "b".repeat(600_000), "c"];
    const put = await Promise.all(contents.map((each) => pickup.put(each)));
    await pickup.ledger.add([
      { kind: "collected", id: put[2]?.id ?? "", sha256: sha256("c"), by: "x", day: "2026-11-22" },
    ]);
    await courier.signIn("olha");
    const response = await courier.post("/en/collect", { all: "new" });
    expect(response.headers.get("content-disposition")).toBe("attachment; filename=submissions-2026-11-23.tar");
    const folder = await mkdtemp(join(pickup.base, "out-"));
    await writeFile(join(folder, "x.tar"), Buffer.from(await response.arrayBuffer()));
    execFileSync("tar", ["-xf", "x.tar"], { cwd: folder });
    const checked = execFileSync("sha256sum", ["--check", "MANIFEST.txt"], { cwd: folder, encoding: "utf8" });
    expect(checked.trim().split("\n").sort()).toEqual([put[0], put[1]].map((each) => `${each?.id}.tar.gpg: OK`).sort());
    await expect.poll(async () => (await pickup.ledger.read()).isNew(put[0]?.id ?? "")).toBe(false);
    expect((await courier.post("/en/collect", { all: "new" })).status).toBe(400);
    expect((await courier.post("/en/collect", { id: [put[1]?.id ?? "", "../x"] })).status).toBe(200);
  });

  it("marks nothing when the connection breaks", async () => {
    const { id } = await pickup.put(new Uint8Array(30_000_000));
    await courier.signIn("olha");
    const response = await courier.post("/en/collect", { all: "new" });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect.poll(() => pickup.answering()).toBe(0);
    // What is fetched whole after that is marked; a mark for the broken one would have come before it.
    const whole = await pickup.put("whole");
    expect((await courier.post("/en/collect", { id: whole.id })).status).toBe(200);
    await expect.poll(async () => (await pickup.ledger.read()).isNew(whole.id)).toBe(false);
    expect((await pickup.ledger.read()).isNew(id)).toBe(true);
  });
});

describe("importing", () => {
  it("marks exactly the submissions that the desk opened, by their digests", async () => {
    const [opened, changed, other] = [await pickup.put("a"), await pickup.put("b"), await pickup.put("c")];
    await courier.signIn("olha");
    const text = writeAcknowledgement([
      { id: opened.id, sha256: sha256("a") },
      { id: changed.id, sha256: sha256("x") },
      { id: "f".repeat(32), sha256: sha256("a") },
    ]);
    const form = new FormData();
    form.append("file", new File([text], "acknowledgement.json"));
    const page = await (await courier.postForm("/en/acknowledge", form)).text();
    expect(page).toContain("Marked as opened: 1");
    expect(page).toContain("no longer here: 1");
    expect(page).toContain(changed.id);
    const state = await pickup.ledger.read();
    expect(state.of(opened.id).opened).toBe("2026-11-23");
    expect([changed, other].map(({ id }) => state.of(id).opened)).toEqual([null, null]);
    const pasted = new FormData();
    pasted.append("text", text);
    expect(await (await courier.postForm("/en/acknowledge", pasted)).text()).toContain("Marked as opened: 0");
  });

  it.each(["", "{", "[]", '{"format":"postern-acknowledgement","version":1}', "null"])(
    "refuses %j as an acknowledgement",
    async (text) => {
      await courier.signIn("olha");
      const form = new FormData();
      form.append("text", text);
      expect((await courier.postForm("/en/acknowledge", form)).status).toBe(400);
    },
  );

  it("stores replies in their mailboxes, and refuses plaintext", async () => {
    await courier.signIn("olha");
    const code = createReceiptCode();
    const { mailbox, key } = await deriveReplyAddress(code, await pickup.store.mailboxes.portalSalt());
    const message = await new Response(
      await encryptReply(createReply({ text: "Вітаю", documents: [] }).stream, key),
    ).blob();
    const form = new FormData();
    form.append("reply", new File([message], replyFileName(mailbox, 1)));
    form.append("reply", new File(["Вітаю"], replyFileName(mailbox, 2)));
    form.append("reply", new File([message], "../../x.gpg"));
    const page = await (await courier.postForm("/en/replies", form)).text();
    expect(page).toMatch(/-1\.reply\.gpg<\/bdi>: accepted/);
    expect(page).toMatch(/-2\.reply\.gpg<\/bdi>: not accepted \(not_encrypted\)/);
    expect(page).toContain("not accepted (bad_name)");
    const [stored, ...more] = await pickup.store.mailboxes.listReplies(mailbox);
    expect(more).toEqual([]);
    const reply = await openReply(await pickup.store.mailboxes.getReply(mailbox, stored?.id ?? ""), key);
    expect(reply.text).toContain("Вітаю");
    const again = new FormData();
    again.append("reply", new File([message], replyFileName(mailbox, 1)));
    expect(await (await courier.postForm("/en/replies", again)).text()).toContain("was already here");
  });

  it("stores no reply from a form without the CSRF token", async () => {
    await courier.signIn("olha");
    const { mailbox, key } = await deriveReplyAddress(createReceiptCode(), await pickup.store.mailboxes.portalSalt());
    const message = await new Response(
      await encryptReply(createReply({ text: "x", documents: [] }).stream, key),
    ).blob();
    const form = new FormData();
    form.append("reply", new File([message], replyFileName(mailbox, 1)));
    expect((await courier.postForm("/en/replies", form, "x")).status).toBe(403);
    expect((await courier.postForm("/en/replies", form, null)).status).toBe(403);
    expect(await pickup.store.mailboxes.listReplies(mailbox)).toEqual([]);
  });
});

describe("the outbox", () => {
  const reply = async () => {
    const { mailbox, key } = await deriveReplyAddress(createReceiptCode(), await pickup.store.mailboxes.portalSalt());
    const message = await new Response(
      await encryptReply(createReply({ text: "x", documents: [] }).stream, key),
    ).blob();
    return { mailbox, file: new File([message], `outbox/${replyFileName(mailbox, 1)}`) };
  };
  const outbox = (...files: readonly File[]) => {
    const form = new FormData();
    for (const file of files) form.append("outbox", file);
    return form;
  };
  const list = (name: string, text: string) => new File([text], `outbox/${name}`);

  it("takes acknowledgement and replies in one go, whatever lies between them", async () => {
    const opened = await pickup.put("a");
    const { mailbox, file } = await reply();
    await courier.signIn("olha");
    const acknowledgement = writeAcknowledgement([{ id: opened.id, sha256: sha256("a") }]);
    const form = outbox(list("notes.txt", "x"), file, list("acknowledgement.json", acknowledgement));
    const page = await (await courier.postForm("/en/outbox", form)).text();
    expect(page).toContain("Marked as opened: 1");
    expect(page).toContain("Replies accepted: 1");
    expect(page).toMatch(/<bdi>notes\.txt<\/bdi>: not accepted \(bad_name\)/);
    expect((await pickup.ledger.read()).of(opened.id).opened).toBe("2026-11-23");
    expect(await pickup.store.mailboxes.listReplies(mailbox)).toHaveLength(1);
    const again = outbox(file, list("acknowledgement.json", acknowledgement));
    expect(await (await courier.postForm("/en/outbox", again)).text()).toContain("here before: 1");
  });

  it("lets a manager confirm what the desk asks to delete, and deletes nothing by itself", async () => {
    const [asked, changed, other] = [await pickup.put("a"), await pickup.put("b"), await pickup.put("c")];
    const text = writeDeletionList([
      { id: asked.id, sha256: sha256("a") },
      { id: changed.id, sha256: sha256("x") },
      { id: "f".repeat(32), sha256: sha256("a") },
    ]);
    await courier.signIn("olha");
    const page = await (await courier.postForm("/en/outbox", outbox(list("deletions.json", text)))).text();
    expect(page).toContain("The desk asks to delete: 1");
    expect(page).toContain("Only a manager can do that");
    expect(page).not.toContain(asked.id);
    const client = await manager();
    const seen = await (await client.postForm("/en/outbox", outbox(list("deletions.json", text)))).text();
    expect(seen).toContain(`name="id" value="${asked.id}"`);
    for (const { id } of [changed, other]) expect(seen).not.toContain(id);
    expect(await (await client.post("/en/delete", { id: asked.id })).text()).toContain("Confirm that it is you.");
    for (const { id } of [asked, changed, other]) expect((await pickup.store.find(id)).id).toBe(id);
  });

  it.each(["", "{", '{"format":"postern-deletions","version":1,"delete":[{"id":"../x"}]}'])(
    "refuses %j as a list, and takes the rest",
    async (text) => {
      const { mailbox, file } = await reply();
      await courier.signIn("olha");
      const form = outbox(list("deletions.json", text), list("acknowledgement.json", text), file);
      const page = await (await courier.postForm("/en/outbox", form)).text();
      expect(page.match(/not accepted \(malformed\)/g)).toHaveLength(2);
      expect(await pickup.store.mailboxes.listReplies(mailbox)).toHaveLength(1);
    },
  );

  it("takes nothing from a form without the CSRF token", async () => {
    const { mailbox, file } = await reply();
    await courier.signIn("olha");
    for (const token of ["x", null])
      expect((await courier.postForm("/en/outbox", outbox(file), token)).status).toBe(403);
    expect(await pickup.store.mailboxes.listReplies(mailbox)).toEqual([]);
  });
});

describe("managing", () => {
  const proof = async (name: string, passphrase = PASSPHRASE) => {
    pickup.clock.pass(30);
    return { passphrase, code: await codeOf(pickup.staff, name, pickup.clock.now()) };
  };

  it("deletes only after signing in again", async () => {
    const client = await manager();
    const { id } = await pickup.put("x");
    const asked = await (await client.post("/en/delete", { id })).text();
    expect(asked).toContain(id);
    await pickup.store.find(id);
    expect(
      (await client.post("/en/delete", { id, confirmed: "yes", ...(await proof("maksym", "wrong")) })).status,
    ).toBe(403);
    await pickup.store.find(id);
    const done = await client.post("/en/delete", { id, confirmed: "yes", ...(await proof("maksym")) });
    expect(await done.text()).toContain("Deleted: 1");
    await expect(pickup.store.find(id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("adds staff, who can sign in with the secret shown once, and removes them", async () => {
    const client = await manager();
    const fields = { "new-name": "iryna", role: "courier", "new-passphrase": PASSPHRASE };
    expect((await client.post("/en/staff/add", { ...fields, ...(await proof("maksym", "wrong")) })).status).toBe(403);
    const page = await (await client.post("/en/staff/add", { ...fields, ...(await proof("maksym")) })).text();
    const account = (await pickup.staff.list()).find(({ name }) => name === "iryna");
    expect(page.replaceAll(" ", "")).toContain(account?.totp);
    expect(page).toMatch(/<svg class="code"/);
    expect(await client.page("/en/staff")).not.toContain(account?.totp.slice(0, 8));
    const iryna = new StaffClient(pickup);
    expect((await iryna.signIn("iryna")).status).toBe(303);
    await client.page("/en/staff");
    expect((await client.post("/en/staff/remove", { remove: "iryna", ...(await proof("maksym")) })).status).toBe(200);
    expect((await iryna.get("/en/")).status).toBe(303);
  });

  it.each([
    ["a name that is none", { "new-name": "Іра" }, "A name consists of lower-case Latin letters"],
    ["a short passphrase", { "new-name": "ira", "new-passphrase": "short" }, "at least 12 characters"],
    ["a name that is taken", { "new-name": "olha" }, "already"],
  ])("refuses to add %s", async (_what, fields, words) => {
    const client = await manager();
    const whole = { "new-passphrase": PASSPHRASE, ...fields, ...(await proof("maksym")) };
    const response = await client.post("/en/staff/add", whole);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
    expect(await pickup.staff.list()).toHaveLength(2);
  });

  it("leaves a trail of what staff did, without anything about submitters", async () => {
    const client = await manager();
    const { id } = await pickup.put("x");
    await (await client.post("/en/collect", { all: "new" })).arrayBuffer();
    await expect.poll(async () => (await pickup.ledger.read()).isNew(id)).toBe(false);
    await client.post("/en/delete", { id, confirmed: "yes", ...(await proof("maksym")) });
    const lines = ((await pickup.folder.read("audit.jsonl")) ?? "").trim().split("\n");
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.map(({ at, who, action, count }) => [at, who, action, count])).toEqual([
      ["2026-11-23T12", "maksym", "signed_in", undefined],
      ["2026-11-23T12", "maksym", "collected", 1],
      ["2026-11-23T12", "maksym", "deleted", 1],
    ]);
    expect(lines.join("")).not.toContain(id);
    expect(await new AuditTrail(pickup.folder).verify()).toMatchObject({ count: 3 });
    expect(pickup.log).toEqual([]);
  });
});

describe("every response", () => {
  it("has the same strict headers, with and without a session", async () => {
    await courier.signIn("olha");
    const page = await (await courier.get("/en/")).text();
    const [, style = ""] = /<link rel="stylesheet" href="([^"]+)" integrity="sha384-/.exec(page) ?? [];
    expect(style).toMatch(/^\/pickup-[0-9a-f]{16}\.css$/);
    for (const client of [courier, new StaffClient(pickup)]) {
      for (const path of ["/en/", "/en/sign-in", style, "/nothing"]) {
        const { headers } = await client.get(path);
        expect(headers.get("content-security-policy")).toBe(
          "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none';" +
            "require-trusted-types-for 'script';trusted-types 'none'",
        );
        expect(headers.get("referrer-policy")).toBe("same-origin");
        expect(headers.get("cache-control")).toBe("no-store");
        expect(headers.get("x-accel-buffering")).toBe("no");
        expect(headers.get("x-frame-options")).toBe("DENY");
        expect(headers.get("x-powered-by")).toBeNull();
      }
    }
  });
});
