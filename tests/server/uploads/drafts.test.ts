import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { UploadError, upload } from "../../../src/client/upload.js";
import { createReply, deriveDraftAddress, MAX_DRAFT_MESSAGE_BYTES, writeDraft } from "../../../src/core/index.js";
import { encryptReply, openReply } from "../../../src/openpgp/index.js";
import { expireOldDrafts } from "../../../src/store/index.js";
import { submissionMessage } from "../../support/message.js";
import { eventually, type PortalOptions, startTestPortal, type TestPortal } from "../../support/portal.js";
import { uploadOptions } from "../../support/upload-options.js";

const CODE = "57200000000000000009";
const TEXT = writeDraft({ answers: { message: "канарейка" }, receiptCode: "", documents: [] });

let portal: TestPortal;
const start = async (options: PortalOptions = {}) => {
  portal = await startTestPortal({ ...options, config: { draftDays: 14, ...options.config } });
  return deriveDraftAddress(CODE, await portal.store.mailboxes.portalSalt());
};
afterEach(() => portal.stop());

async function encrypted(key: string, text = TEXT): Promise<Blob> {
  return new Response(await encryptReply(createReply({ text, documents: [] }).stream, key)).blob();
}
const send = (message: Blob, draft: string) => upload(message.stream(), uploadOptions(portal.url, { draft }));
const nothingLeft = async () => {
  expect(await portal.stored()).toEqual([]);
  expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
};

describe("a draft", () => {
  it("is kept under its mailbox, and read, in ranges too, and removed like a reply", async () => {
    const { mailbox, key } = await start();
    const message = await encrypted(key);
    await send(message, mailbox);
    await nothingLeft();
    const list = async () => (await fetch(`${portal.url}/mailbox/${mailbox}`)).json();
    const [found] = ((await list()) as { replies: { id: string; bytes: number; day: string }[] }).replies;
    expect(found).toEqual({ id: "0".repeat(32), bytes: message.size, day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    const path = `${portal.url}/mailbox/${mailbox}/${found?.id}`;
    expect((await openReply((await fetch(path)).body ?? new ReadableStream(), key)).text).toBe(TEXT);
    const range = await fetch(path, { headers: { Range: "bytes=100-199" } });
    expect(range.status).toBe(206);
    expect(Buffer.from(await range.arrayBuffer())).toEqual(Buffer.from(await message.slice(100, 200).arrayBuffer()));
    expect((await fetch(path, { method: "DELETE" })).status).toBe(204);
    expect(await list()).toEqual({ replies: [] });
    expect((await fetch(path)).status).toBe(404);
  });

  it("lies in the store as ciphertext with no time finer than the day, and leaves no line in the log", async () => {
    const { mailbox, key } = await start();
    await send(await encrypted(key), mailbox);
    const files = await readdir(portal.folder, { recursive: true, withFileTypes: true });
    const all = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
    );
    expect(all.length).toBeGreaterThan(0);
    for (const bytes of all) expect(bytes.includes("канарейка")).toBe(false);
    expect(portal.log).toEqual([]);
  });

  it.each([
    ["a submission", async () => new Blob([new Uint8Array(await submissionMessage(portal.recipient, 1000))])],
    ["words", async () => new Blob(["Здравствуйте"])],
    ["a part of a draft", async (key: string) => (await encrypted(key)).slice(0, 5000)],
    ["a draft and more", async (key: string) => new Blob([await encrypted(key), "x"])],
  ])("is not %s", async (_what, make) => {
    const { mailbox, key } = await start();
    await expect(send(await make(key), mailbox)).rejects.toMatchObject({ code: "refused" });
    await nothingLeft();
    expect(await portal.store.drafts.find(mailbox)).toBeNull();
  });

  it("is no submission", async () => {
    const { key } = await start();
    const message = await encrypted(key);
    await expect(upload(message.stream(), uploadOptions(portal.url))).rejects.toMatchObject({ code: "refused" });
    await nothingLeft();
  });

  it("is not larger than a draft can be", async () => {
    const { mailbox, key } = await start();
    const message = await encrypted(key, "x".repeat(MAX_DRAFT_MESSAGE_BYTES));
    await expect(send(message, mailbox)).rejects.toMatchObject({ code: "too_large" });
    expect(await portal.store.drafts.find(mailbox)).toBeNull();
  });

  it.each(["", "a".repeat(31), "../x", "A".repeat(32)])("has a mailbox, and %j is none", async (draft) => {
    await start();
    const headers = { "Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1", "Postern-Draft": draft };
    const answer = await fetch(`${portal.url}/uploads`, { method: "POST", headers });
    expect([answer.status, await answer.text()]).toEqual([400, "bad_request\n"]);
  });

  it("is not taken where the operator keeps none", async () => {
    const { mailbox, key } = await start({ config: { draftDays: null } });
    await expect(send(await encrypted(key), mailbox)).rejects.toMatchObject({ code: "refused" });
    await nothingLeft();
  });

  it("is not taken where there is no room, and counts as stored", async () => {
    const { mailbox, key } = await start({ config: { maxStore: 70 * 1024 } });
    await send(await encrypted(key), mailbox);
    const other = await deriveDraftAddress("12345678901234567891", await portal.store.mailboxes.portalSalt());
    const refused = async () =>
      send(await encrypted(other.key), other.mailbox).then(
        () => false,
        (cause: unknown) => cause instanceof UploadError && cause.code === "no_space",
      );
    await eventually(refused, "a draft is refused for its room");
  });

  it("is deleted when its days are over", async () => {
    let today = new Date("2026-05-01T12:00:00Z");
    const base = await mkdtemp(join(tmpdir(), "postern-drafts-"));
    const folder = join(base, "data");
    const { mailbox, key } = await start({ folder, now: () => today });
    await send(await encrypted(key), mailbox);
    await portal.stop();
    for (const [day, there] of [
      ["2026-05-15T23:00:00Z", true],
      ["2026-05-16T00:00:00Z", false],
    ] as const) {
      today = new Date(day);
      portal = await startTestPortal({ folder, now: () => today, config: { draftDays: 14 } });
      const { drafts } = portal.store;
      if (there) {
        expect(await expireOldDrafts(drafts, 14, today)).toBe(0);
        await portal.stop();
      } else await eventually(async () => (await drafts.find(mailbox)) === null, "the draft is deleted");
    }
    await rm(base, { recursive: true, force: true });
  });
});
