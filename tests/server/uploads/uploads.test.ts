import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import * as tus from "tus-js-client";
import { afterEach, describe, expect, it } from "vitest";
import { createKeyPair } from "../../../src/desk/index.js";
import { recipientOf } from "../../support/keys.js";
import { submissionMessage } from "../../support/message.js";
import { overriding } from "../../support/overriding.js";
import { eventually, type PortalOptions, startTestPortal, type TestPortal } from "../../support/portal.js";
import { requestHead } from "../../support/raw-request.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = { "Content-Type": "application/offset+octet-stream" };

let portal: TestPortal;
const start = async (options?: PortalOptions) => {
  portal = await startTestPortal(options);
};
afterEach(() => portal.stop());

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const message = (documentSize = 0) => submissionMessage(portal.recipient, documentSize);

async function create(headers: Record<string, string> = { "Upload-Defer-Length": "1" }): Promise<string> {
  const response = await fetch(`${portal.url}/uploads`, { method: "POST", headers: { ...TUS, ...headers } });
  expect(response.status).toBe(201);
  const location = response.headers.get("location") ?? "";
  expect(location).toMatch(/^\/uploads\/[0-9a-f]{32}$/);
  return portal.url + location;
}

const patch = (url: string, offset: number, body: Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "PATCH",
    headers: { ...TUS, ...PIECE, "Upload-Offset": String(offset), ...headers },
    body: new Uint8Array(body),
  });
const head = (url: string) => fetch(url, { method: "HEAD", headers: TUS });

describe("an upload", () => {
  it("is stored when it is whole, and answered with the digest of what was stored", async () => {
    await start();
    const bytes = await message();
    const url = await create({ "Upload-Length": String(bytes.length) });
    const answer = await patch(url, 0, bytes);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("postern-sha256")).toBe(sha256(bytes));
    const [name = ""] = await portal.stored();
    expect(await readFile(join(portal.folder, "submissions", name))).toEqual(bytes);
    expect((await portal.open())[0]?.record.encrypted).toBe("browser");
  });

  it("may come in pieces, its length told with the last", async () => {
    await start();
    const bytes = await message(300_000);
    const url = await create();
    const half = bytes.length >> 1;
    expect((await patch(url, 0, bytes.subarray(0, half))).status).toBe(204);
    expect((await head(url)).headers.get("upload-offset")).toBe(String(half));
    expect((await head(url)).headers.get("upload-defer-length")).toBe("1");
    const answer = await patch(url, half, bytes.subarray(half), { "Upload-Length": String(bytes.length) });
    expect(answer.headers.get("postern-sha256")).toBe(sha256(bytes));
    expect(await portal.stored()).toHaveLength(1);
  });

  it("is not stored twice when its end is told twice, and the digest is told again", async () => {
    await start();
    const bytes = await message();
    const url = await create({ "Upload-Length": String(bytes.length) });
    await patch(url, 0, bytes);
    expect((await head(url)).headers.get("upload-offset")).toBe(String(bytes.length));
    const again = await patch(url, bytes.length, new Uint8Array(0));
    expect([again.status, again.headers.get("postern-sha256")]).toEqual([204, sha256(bytes)]);
    expect((await patch(url, 0, bytes)).status).toBe(409);
    expect(await portal.stored()).toHaveLength(1);
  });

  it("is taken from a stock tus client, with and without a length", async () => {
    await start();
    for (const deferred of [false, true]) {
      const bytes = await message(700_000);
      await new Promise<void>((resolve, reject) => {
        const upload = new tus.Upload(bytes, {
          endpoint: `${portal.url}/uploads`,
          chunkSize: 250_000,
          uploadLengthDeferred: deferred,
          onSuccess: () => resolve(),
          onError: reject,
        });
        upload.start();
      });
    }
    expect(await portal.open()).toHaveLength(2);
  });

  it.each([
    ["plaintext", async () => Buffer.from("hello, please help".repeat(5_000)), "not_openpgp"],
    ["Russian plaintext", async () => Buffer.from("Здравствуйте! Помогите.".repeat(5_000)), "not_encrypted"],
    [
      "armor around plaintext",
      async () => Buffer.from(`-----BEGIN PGP MESSAGE-----\n\n${"a".repeat(9_000)}`),
      "armored",
    ],
    ["a message cut off", async () => (await message()).subarray(0, -1), "truncated"],
    [
      "a message with something after it",
      async () => Buffer.concat([await message(), Buffer.from("x")]),
      "trailing_data",
    ],
    ["nothing", async () => Buffer.alloc(0), "empty"],
  ])("is refused with 422 and removed when it is %s", async (_what, make, code) => {
    await start();
    const bytes = await make();
    const url = await create();
    const answer = await patch(url, 0, bytes, { "Upload-Length": String(bytes.length) });
    expect([answer.status, await answer.text()]).toEqual([422, `${code}\n`]);
    expect((await head(url)).status).toBe(404);
    expect(await portal.stored()).toEqual([]);
    expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
  });

  it("is refused with 422 and removed when it names a recipient that is not ours; ours may be named", async () => {
    await start();
    const { encrypt, createMessage, readKey } = await import("openpgp");
    const other = await recipientOf(
      await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e6 }),
    );
    for (const [recipient, status] of [
      [other, 422],
      [portal.recipient, 204],
    ] as const) {
      const named = await encrypt({
        message: await createMessage({ binary: new Uint8Array(100) }),
        encryptionKeys: await readKey({ armoredKey: recipient.certificate.armor() }),
        format: "binary",
      });
      const url = await create({ "Upload-Length": String(named.length) });
      expect((await patch(url, 0, named)).status).toBe(status);
    }
    expect(await portal.stored()).toHaveLength(1);
  });

  it("is refused at the first piece that is readable, of which nothing is written, and removed", async () => {
    const written: string[] = [];
    await start({
      wrapStore: (store) => {
        const append: typeof store.uploads.append = async (id, pieces, offset) => {
          const watched = async function* () {
            for await (const piece of pieces) {
              written.push(Buffer.from(piece).toString("latin1"));
              yield piece;
            }
          };
          return store.uploads.append(id, watched(), offset);
        };
        return overriding(store, { uploads: overriding(store.uploads, { append }) });
      },
    });
    const url = await create();
    const answer = await patch(url, 0, Buffer.from("dear all, this is a letter"));
    expect([answer.status, await answer.text()]).toEqual([422, "not_openpgp\n"]);
    expect(written).toEqual([]);
    expect((await head(url)).status).toBe(404);
    const begun = await create();
    const bytes = await message();
    expect((await patch(begun, 0, bytes)).status).toBe(204);
    expect((await patch(begun, bytes.length, Buffer.from("and a word"))).status).toBe(422);
    expect(written.join("")).not.toContain("a word");
    expect((await head(begun)).status).toBe(404);
  });

  it("is no fault of the portal's if its visitor goes when all of it has arrived and is not read yet", async () => {
    let visitor: Socket | null = null;
    await start({
      wrapStore: (store) => {
        const append: typeof store.uploads.append = async (id, pieces, offset) => {
          visitor?.resetAndDestroy();
          // The portal learns of the end before it hears this.
          await fetch(`${portal.url}/healthz`);
          return store.uploads.append(id, pieces, offset);
        };
        return overriding(store, { uploads: overriding(store.uploads, { append }) });
      },
    });
    const bytes = await message();
    const url = await create({ "Upload-Length": String(bytes.length) });
    visitor = connect(Number(new URL(url).port), "127.0.0.1");
    const gone = once(visitor, "close");
    const headers = { ...TUS, ...PIECE, "Upload-Offset": "0", "Content-Length": String(bytes.length) };
    visitor.write(Buffer.concat([Buffer.from(requestHead("PATCH", url, headers)), bytes]));
    await gone;
    await eventually(async () => (await head(url)).status === 200, "the upload can go on");
    expect(portal.log).toEqual([]);
  });

  it("is removed by saying that it ends where it is", async () => {
    await start();
    const bytes = await message();
    const url = await create();
    await patch(url, 0, bytes.subarray(0, 10_000));
    const answer = await patch(url, 10_000, new Uint8Array(0), { "Upload-Length": "10000" });
    expect(answer.status).toBe(422);
    expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
  });

  it("goes on after the server was started anew", async () => {
    await start();
    const bytes = await message(200_000);
    const url = await create();
    await patch(url, 0, bytes.subarray(0, 100_000));
    const { pathname } = new URL(url);
    const before = portal;
    await start({ folder: before.folder });
    try {
      const moved = portal.url + pathname;
      expect((await head(moved)).headers.get("upload-offset")).toBe("100000");
      const rest = await patch(moved, 100_000, bytes.subarray(100_000), { "Upload-Length": String(bytes.length) });
      expect(rest.headers.get("postern-sha256")).toBe(sha256(bytes));
    } finally {
      await before.stop();
    }
  });

  it.each([
    ["GET", 404],
    ["DELETE", 404],
    ["PUT", 404],
  ])("cannot be fetched or deleted: %s is answered with %i, and the server lives on", async (method, status) => {
    await start();
    const bytes = await message();
    const url = await create({ "Upload-Length": String(bytes.length) });
    expect((await fetch(url, { method, headers: TUS })).status).toBe(status);
    await patch(url, 0, bytes);
    expect((await fetch(url, { method, headers: TUS })).status).toBe(status);
    expect(await portal.stored()).toHaveLength(1);
    expect((await fetch(`${portal.url}/healthz`)).status).toBe(200);
  });

  it.each([
    ["metadata", { "Upload-Length": "5", "Upload-Metadata": "filename 0L/QsNGB0L/QvtGA0YIuanBn" }, 400],
    ["no length", {}, 400],
    ["a negative length", { "Upload-Length": "-1" }, 400],
    ["a length that is none", { "Upload-Length": "many" }, 400],
    ["another protocol version", { "Upload-Length": "5", "Tus-Resumable": "0.2.2" }, 400],
    ["too great a length", { "Upload-Length": String(5 * 1024 ** 3) }, 413],
    ["another site's page", { "Upload-Length": "5", "Sec-Fetch-Site": "cross-site" }, 403],
    ["a sister site's page", { "Upload-Length": "5", "Sec-Fetch-Site": "same-site" }, 403],
    ["another origin", { "Upload-Length": "5", Origin: "https://evil.example" }, 403],
  ])("is not begun for a request with %s", async (_what, headers, status) => {
    await start();
    const response = await fetch(`${portal.url}/uploads`, { method: "POST", headers: { ...TUS, ...headers } });
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await readdir(join(portal.folder, "uploads"))).toEqual([]);
  });

  it.each([
    ["an offset that lies ahead", { "Upload-Offset": "10" }, 409],
    ["a negative offset", { "Upload-Offset": "-1" }, 400],
    ["no offset", { "Upload-Offset": "" }, 400],
    ["another content type", { "Content-Type": "text/plain" }, 400],
    ["a length under what has come", { "Upload-Length": "2" }, 400],
  ])("takes no piece with %s", async (_what, headers, status) => {
    await start();
    const url = await create();
    const bytes = await message();
    await patch(url, 0, bytes.subarray(0, 5));
    const response = await patch(url, 5, bytes.subarray(5, 6), headers);
    expect(response.status).toBe(status);
    expect((await head(url)).headers.get("upload-offset")).toBe("5");
  });

  it("may not grow beyond the largest submission, its length untold", async () => {
    await start({ config: { maxSubmission: 100_000 } });
    const url = await create();
    const answer = await patch(url, 0, await message(40_000_000));
    expect(answer.status).toBe(413);
  });

  it.each([
    ["no space", { config: { minFree: Number.MAX_SAFE_INTEGER } }, 507],
    ["an expired certificate", { lifetime: 86_400, now: () => new Date(Date.now() + 2 * 86_400_000) }, 503],
  ])("is not begun with %s", async (_what, options, status) => {
    await start(options);
    const headers = { ...TUS, "Upload-Length": "5" };
    expect((await fetch(`${portal.url}/uploads`, { method: "POST", headers })).status).toBe(status);
  });

  it("carries the security headers and no word of ours but a code", async () => {
    await start();
    const url = await create();
    const answer = await patch(url, 0, Buffer.from("hello"), { "Upload-Length": "5" });
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).toBe("not_openpgp\n");
    expect(portal.log).toEqual([]);
  });
});
