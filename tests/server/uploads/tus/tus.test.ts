import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { submissionMessage } from "../../../support/message.js";
import { eventually, startTestPortal, type TestPortal } from "../../../support/portal.js";

const DAY = 86_400_000;
const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = { ...TUS, "Content-Type": "application/offset+octet-stream" };

let portal: TestPortal;
let now: Date;
/** An encrypted message, of which the tests send pieces. */
let message: Buffer;
beforeEach(async () => {
  now = new Date("2026-05-17T13:14:15Z");
  portal = await startTestPortal({ now: () => now, lifetime: 100 * 365 * 86_400 });
  message = await submissionMessage(portal.recipient, 300_000);
});
afterEach(() => portal.stop());

const post = (headers: Record<string, string>) => fetch(`${portal.url}/uploads`, { method: "POST", headers });
const begun = async (headers: Record<string, string> = { "Upload-Defer-Length": "1" }) =>
  `${portal.url}${(await post({ ...TUS, ...headers })).headers.get("location")}`;
const head = (url: string) => fetch(url, { method: "HEAD", headers: TUS });
const patch = (url: string, offset: number, body: Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "PATCH",
    headers: { ...PIECE, "Upload-Offset": String(offset), ...headers },
    body: new Uint8Array(body),
  });

/** A piece without a length, of which so much has been sent. */
function openPiece(url: string, offset: number, ...parts: readonly Uint8Array[]) {
  const sent = request(url, { method: "PATCH", headers: { ...PIECE, "Upload-Offset": String(offset) } });
  const answered = once(sent, "response").then(([response]) => response as IncomingMessage);
  const closed = new Promise<void>(
    (resolve) => void sent.once("error", () => resolve()).once("close", () => resolve()),
  );
  answered.catch(() => undefined);
  for (const part of parts) sent.write(part);
  return { sent, answered, closed };
}

describe("tus 1.0.0", () => {
  it("says what it speaks to who asks, without a version", async () => {
    for (const path of ["/uploads", `/uploads/${"0".repeat(32)}`]) {
      const { status, headers } = await fetch(portal.url + path, { method: "OPTIONS" });
      expect([status, headers.get("tus-version"), headers.get("tus-resumable")]).toEqual([204, "1.0.0", "1.0.0"]);
      expect(headers.get("tus-extension")).toBe("creation,creation-defer-length,expiration");
      expect(Number(headers.get("tus-max-size"))).toBeGreaterThan(2 * 1024 ** 3);
    }
  });

  it("is not spoken with who names no version", async () => {
    const url = await begun();
    for (const answer of [
      await post({ "Upload-Length": "5" }),
      await fetch(url, { method: "HEAD" }),
      await fetch(url, {
        method: "PATCH",
        headers: { ...PIECE, "Tus-Resumable": "", "Upload-Offset": "0" },
        body: "x",
      }),
    ]) {
      expect([answer.status, answer.headers.get("tus-resumable")]).toEqual([412, "1.0.0"]);
    }
    expect((await head(url)).headers.get("upload-offset")).toBe("0");
  });

  it("says by the day when an upload goes, and takes nothing more after that", async () => {
    const created = await post({ ...TUS, "Upload-Length": "50" });
    const url = portal.url + created.headers.get("location");
    const expiry = new Date("2026-05-19T00:00:00Z").toUTCString();
    expect(created.headers.get("upload-expires")).toBe(expiry);
    expect((await patch(url, 0, message.subarray(0, 3))).headers.get("upload-expires")).toBe(expiry);
    now = new Date(now.getTime() + DAY);
    expect((await patch(url, 3, message.subarray(3, 5))).headers.get("upload-expires")).toBe(
      new Date("2026-05-20T00:00:00Z").toUTCString(),
    );
    now = new Date("2026-05-20T00:00:01Z");
    expect((await patch(url, 5, message.subarray(5, 6))).status).toBe(410);
    expect((await head(url)).status).toBe(410);
  });

  it("does not take a body that comes with a creation for a piece", async () => {
    const created = await fetch(`${portal.url}/uploads`, {
      method: "POST",
      headers: { ...PIECE, "Upload-Length": "5" },
      body: "abcde",
    });
    expect([created.status, created.headers.get("upload-offset")]).toEqual([201, null]);
    expect((await head(portal.url + created.headers.get("location"))).headers.get("upload-offset")).toBe("0");
  });

  it("keeps no byte beyond the end of pieces that do not say how long they are", async () => {
    const url = await begun({ "Upload-Length": "100000" });
    const piece = openPiece(url, 0, message.subarray(0, 60_000), message.subarray(60_000, 120_000));
    piece.sent.end();
    expect((await piece.answered).statusCode).toBe(413);
    expect(Number((await head(url)).headers.get("upload-offset"))).toBeLessThanOrEqual(100_000);
  });

  it("goes on over another line when the first one is dead, from what had come over it", async () => {
    const bytes = message;
    const url = await begun({ "Upload-Length": String(bytes.length) });
    const dead = openPiece(url, 0, bytes.subarray(0, 200_000));
    const uploads = portal.store.uploads;
    await eventually(async () => (await uploads.used().catch(() => 200_000)) >= 200_000, "the first part has come");
    expect((await head(url)).headers.get("upload-offset")).toBe("200000");
    await dead.closed;
    expect((await patch(url, 200_000, bytes.subarray(200_000))).status).toBe(204);
    expect(await portal.stored()).toHaveLength(1);
    expect(portal.log).toEqual([]);
  });

  it("keeps what came before the line broke, and nothing about it in the log", async () => {
    const url = await begun();
    const broken = openPiece(url, 0, message.subarray(0, 1_000));
    await eventually(async () => (await portal.store.uploads.used()) >= 1_000, "the first part has come");
    broken.sent.destroy();
    await broken.closed;
    await eventually(async () => (await head(url)).headers.get("upload-offset") === "1000", "it is kept");
    expect(portal.log).toEqual([]);
  });

  it("answers a refused piece before it has come, and lets the line go on", async () => {
    const url = await begun();
    const answer = await patch(url, 7, Buffer.alloc(3_000_000));
    expect([answer.status, await answer.text()]).toEqual([409, "wrong_offset\n"]);
    expect((await patch(url, 0, message.subarray(0, 3))).status).toBe(204);
  });
});
