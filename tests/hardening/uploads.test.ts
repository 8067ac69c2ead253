import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkRecipient, type Recipient, readCertificates } from "../../src/openpgp/index.js";
import { BesiegedPortal } from "../support/besieged.js";
import { atLength, shareOf } from "../support/length.js";
import { submissionMessage } from "../support/message.js";
import { exchange, requestHead } from "../support/raw-request.js";

let portal: BesiegedPortal;
let recipient: Recipient;
beforeAll(async () => {
  portal = await BesiegedPortal.start();
  const [certificate] = await readCertificates(await (await fetch(`${portal.url}/keys.asc`)).text());
  if (certificate === undefined) throw new Error("no key is published");
  recipient = await checkRecipient(certificate, new Date());
});
// It takes a letter after each group of them, too, or after each one.
const HARMLESS = atLength<"expectUp" | "expectWell">("expectUp", "expectWell");
afterEach(() => portal[HARMLESS]());
afterAll(async () => {
  await portal.expectMemoryBack();
  await portal.stop();
});

const TUS = { "Tus-Resumable": "1.0.0" };
const begin = (headers: Record<string, string>, body: Uint8Array<ArrayBuffer> | null = null) =>
  fetch(`${portal.url}/uploads`, { method: "POST", headers: { ...TUS, ...headers }, body });
const begun = async (headers: Record<string, string> = { "Upload-Defer-Length": "1" }) => {
  const answer = await begin(headers);
  expect(answer.status).toBe(201);
  return portal.url + answer.headers.get("location");
};
const patch = (url: string, offset: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "PATCH",
    headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": offset, ...headers },
    body: new Uint8Array(body),
  });
/**
 * The status of a PATCH that is refused: its head and body leave in one write. A body that is refused unread resets the
 * connection, of which fetch may hear before it reads the answer.
 */
const refusalOf = async (url: string, offset: string, body: string, headers: Record<string, string> = {}) => {
  const head = requestHead("PATCH", url, {
    ...TUS,
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": offset,
    "Content-Length": String(body.length),
    ...headers,
  });
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(await exchange(url, head + body, PATIENCE_MS))?.[1]);
};
const offsetOf = async (url: string) =>
  (await fetch(url, { method: "HEAD", headers: TUS })).headers.get("upload-offset");
const stored = async () => (await readdir(join(portal.store, "submissions"))).length;
const PATIENCE_MS = 60_000;
const BEYOND = "9".repeat(30);

describe("an upload with false offsets", () => {
  afterAll(() => portal.expectWell());

  it.each(
    shareOf(
      [
        ["is negative", "-1"],
        ["is beyond the end", "1000"],
        ["is huge", "9007199254740993"],
        ["is beyond numbers", BEYOND],
        ["is no number", "NaN"],
        ["is no whole number", "0.5"],
        ["is in hex", "0x0"],
        ["is empty", ""],
        ["is two", "0, 10"],
        ["has a sign", "+10"],
        ["has a prototype", "__proto__"],
      ],
      2,
    ),
  )("is not written to where the offset %s", async (_what, offset) => {
    const url = await begun();
    const bytes = await submissionMessage(recipient, 10);
    expect((await patch(url, "0", bytes.subarray(0, 10))).status).toBe(204);
    expect([400, 403, 409]).toContain(await refusalOf(url, offset, "evil"));
    expect(await offsetOf(url)).toBe("10");
  });

  it.each(
    shareOf<readonly [string, Record<string, string>]>(
      [
        ["is negative", { "Upload-Length": "-1" }],
        ["is huge", { "Upload-Length": "9007199254740993" }],
        ["is beyond numbers", { "Upload-Length": BEYOND }],
        ["is no number", { "Upload-Length": "many" }],
        ["is in hex", { "Upload-Length": "0xff" }],
        ["is told and deferred", { "Upload-Length": "5", "Upload-Defer-Length": "1" }],
        ["is deferred by another word", { "Upload-Defer-Length": "2" }],
        ["is not told", {}],
        ["comes with metadata", { "Upload-Length": "5", "Upload-Metadata": "filename ZXZpbA==" }],
        ["is that of a part", { "Upload-Length": "5", "Upload-Concat": "partial" }],
        ["is that of parts", { "Upload-Concat": "final;/uploads/a /uploads/b" }],
      ],
      2,
    ),
  )("is not created where its length %s", async (_what, headers) => {
    const { status } = await begin(headers);
    expect([400, 413, 501]).toContain(status);
  });

  it("takes no more than its declared length", async () => {
    const url = await begun({ "Upload-Length": "5" });
    expect(await refusalOf(url, "0", "0123456789")).toBeGreaterThanOrEqual(400);
    expect(Number(await offsetOf(url).catch(() => 0))).toBeLessThanOrEqual(5);
  });

  it("cannot change its declared length", async () => {
    const url = await begun({ "Upload-Length": "50" });
    expect(await refusalOf(url, "0", "0123456789", { "Upload-Length": "10" })).toBe(400);
    expect(await offsetOf(url)).toBe("0");
  });

  it("with concurrent writers is written by one, and stays intact", async () => {
    const bytes = await submissionMessage(recipient, 400_000);
    const before = await stored();
    const url = await begun({ "Upload-Length": String(bytes.length) });
    const answers = await Promise.all(Array.from({ length: 6 }, () => patch(url, "0", bytes).catch(() => null)));
    const statuses = answers.map((answer) => answer?.status ?? 0);
    expect(statuses.every((status) => status < 500)).toBe(true);
    if (!statuses.includes(204)) {
      const offset = Number(await offsetOf(url));
      expect((await patch(url, String(offset), bytes.subarray(offset))).status).toBe(204);
    }
    expect(await stored()).toBe(before + 1);
  });

  it("is refused at an overlapping offset, and continues at its own", async () => {
    const bytes = await submissionMessage(recipient, 1_000);
    const url = await begun({ "Upload-Length": String(bytes.length) });
    expect((await patch(url, "0", bytes.subarray(0, 500))).status).toBe(204);
    expect((await patch(url, "100", bytes.subarray(100))).status).toBe(409);
    expect((await patch(url, "600", bytes.subarray(600))).status).toBe(409);
    expect((await patch(url, "500", bytes.subarray(500))).status).toBe(204);
  });
});

describe("an unknown upload", () => {
  afterAll(() => portal.expectWell());

  it.each([
    ["has another kind of name", "/uploads/..%2f..%2fkeys"],
    ["has a null byte", "/uploads/%00"],
    ["has an id in capitals", `/uploads/${"A".repeat(32)}`],
    ["has an id that nobody has", `/uploads/${"0".repeat(32)}`],
    ["is a note of the store's", `/uploads/${"0".repeat(32)}.json`],
    ["is a property of every object", "/uploads/__proto__"],
  ])("is not found where it %s", async (_what, path) => {
    for (const method of ["HEAD", "PATCH"]) {
      const { status } = await fetch(portal.url + path, {
        method,
        headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" },
      });
      expect([400, 404]).toContain(status);
    }
  });

  it("cannot be created with a name or method of the client's choice", async () => {
    const other = await fetch(`${portal.url}/uploads`, {
      method: "POST",
      headers: { ...TUS, "Upload-Defer-Length": "1", "X-HTTP-Method-Override": "DELETE" },
    });
    expect(other.status).toBeLessThan(500);
  });
});
