import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { submissionMessage } from "../support/message.js";
import { OF_THE_PROGRAM, oddRequests } from "../support/odd-requests.js";
import { eventually, startTestPortal, type TestPortal } from "../support/portal.js";
import { exchange, multipart, part, post } from "../support/raw-request.js";
import { traces } from "../support/traces.js";

const CANARY = "канарейка-отказ-71ce";
const MAX_BYTES = 1024 ** 2;
const TUS = { "Tus-Resumable": "1.0.0" };

let portal: TestPortal;
/** Whose disk is full. */
let full: TestPortal;
beforeAll(async () => {
  const config = { maxSubmission: MAX_BYTES, maxFiles: 2 };
  portal = await startTestPortal({ config });
  full = await startTestPortal({ config: { ...config, minFree: Number.MAX_SAFE_INTEGER } });
});
afterAll(async () => {
  await portal.stop();
  await full.stop();
});

/** Every file that a portal has written, with its contents. */
async function everything({ folder }: TestPortal): Promise<ReadonlyMap<string, Buffer>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const found = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path, await readFile(path)] as const;
  });
  return new Map(await Promise.all(found));
}

/** What a refused request leaves: nothing, a moment after its answer. */
async function expectUnchanged(of: TestPortal, send: () => Promise<number>, statuses: readonly number[]) {
  const before = await everything(of);
  expect(statuses).toContain(await send());
  await eventually(async () => (await everything(of)).size === before.size, "what was refused is gone");
  const after = await everything(of);
  expect(after).toEqual(before);
  for (const [path, contents] of after) {
    for (const trace of traces(CANARY)) expect(path.includes(String(trace)) || contents.includes(trace)).toBe(false);
  }
}

const letter = part('name="message"', CANARY);
const document = (name: string, bytes = 300_000) =>
  part(`name="documents"; filename="${name}"`, Buffer.alloc(bytes, CANARY), "text/plain");
const submit = (to: TestPortal, path: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  post(to.url + path, body, headers).then(({ status }) => status);

describe("of a submission that is refused, no byte stays on the disk", () => {
  it.each<[what: string, path: string, body: () => Uint8Array, statuses: number[], headers?: Record<string, string>]>([
    ["for a field twice", "/ru/submit", () => multipart(document("a"), letter, letter), [400]],
    ["for an unknown field", "/ru/submit", () => multipart(letter, document("a"), part('name="x"', CANARY)), [400]],
    [
      "for a document in another field",
      "/ru/submit",
      () => multipart(letter, part('name="x"; filename="a"', CANARY)),
      [400],
    ],
    [
      "for a third document",
      "/ru/submit",
      () => multipart(letter, document("a"), document("b"), document("c")),
      [400, 413],
    ],
    ["for its size", "/ru/submit", () => multipart(letter, document("a", 2 * MAX_BYTES)), [413]],
    [
      "for a field's size",
      "/ru/submit",
      () => multipart(document("a"), part('name="message"', CANARY.repeat(90_000))),
      [413],
    ],
    [
      "for a wrong receipt code",
      "/ru/submit",
      () => multipart(letter, document("a"), part('name="receipt-code"', "1")),
      [400],
    ],
    ["for the missing end", "/ru/submit", () => Buffer.concat([letter, document("a")]), [400]],
    ["for its kind", "/ru/submit", () => Buffer.from(CANARY), [400, 415], { "Content-Type": "text/plain" }],
    ["by another language's path", "/eo/submit", () => multipart(letter, document("a")), [404]],
    [
      "for being readable",
      "/ru/encrypted",
      () => multipart(part('name="encrypted"; filename="a"', CANARY)),
      [400, 422],
    ],
    [
      "for being armored text",
      "/ru/encrypted",
      () => multipart(part('name="encrypted"; filename="a"', `-----BEGIN PGP MESSAGE-----\n\n${CANARY}`)),
      [400, 422],
    ],
    [
      "for being two",
      "/ru/encrypted",
      () => multipart(part('name="encrypted"; filename="a"', CANARY), part('name="encrypted"; filename="b"', CANARY)),
      [400, 422],
    ],
  ])("%s", async (_what, path, body, statuses, headers) => {
    await expectUnchanged(portal, () => submit(portal, path, body(), headers), statuses);
  });

  it.each(["/ru/submit", "/ru/encrypted"])("where there is no room: %s", async (path) => {
    const body = multipart(letter, document("a"), part('name="encrypted"; filename="a"', CANARY));
    await expectUnchanged(full, () => submit(full, path, body), [400, 507]);
  });

  it("of a whole message after which something follows", async () => {
    const message = Buffer.concat([await submissionMessage(portal.recipient, 1_000), Buffer.from(CANARY)]);
    const body = multipart(part('name="encrypted"; filename="a.gpg"', message));
    await expectUnchanged(portal, () => submit(portal, "/ru/encrypted", body), [400, 422]);
  });
});

describe("an error of the portal", () => {
  it.each(
    ["/ru/submit", "/ru/encrypted", "/ru/replies"].flatMap((form) =>
      oddRequests(form).map((one) => [form, ...one] as const),
    ),
  )("at %s tells nothing of the program: %s", async (_form, _what, request) => {
    const answer = await exchange(portal.url, request, 2_000);
    expect(answer).not.toMatch(OF_THE_PROGRAM);
    expect((await fetch(`${portal.url}/en/`)).status).toBe(200);
  });
});

describe("of an upload that is refused, no byte stays on the disk", () => {
  const begin = (to: TestPortal, headers: Readonly<Record<string, string>>, body: string | null = null) =>
    fetch(`${to.url}/uploads`, { method: "POST", headers: { ...TUS, ...headers }, body });
  const patch = (url: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
    fetch(url, {
      method: "PATCH",
      headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", ...headers },
      body: new Uint8Array(body),
    }).then(({ status }) => status);

  it.each<[what: string, headers: Record<string, string>, body: string | null]>([
    ["for its length", { "Upload-Length": String(100 * MAX_BYTES) }, null],
    [
      "for its metadata",
      { "Upload-Length": "9", "Upload-Metadata": `filename ${Buffer.from(CANARY).toString("base64")}` },
      null,
    ],
    ["without the protocol's version", { "Tus-Resumable": "0.2.2", "Upload-Length": "9" }, null],
  ])("%s", async (_what, headers, body) => {
    await expectUnchanged(portal, async () => (await begin(portal, headers, body)).status, [400, 412, 413, 415, 501]);
  });

  it("that comes with the creation, where nothing is taken yet", async () => {
    const before = await everything(portal);
    const headers = { "Upload-Defer-Length": "1", "Content-Type": "application/offset+octet-stream" };
    const { status } = await begin(portal, headers, CANARY);
    expect([201, 400]).toContain(status);
    for (const [path, contents] of await everything(portal)) if (!before.has(path)) expect(contents).toHaveLength(0);
  });

  it("where there is no room", async () => {
    await expectUnchanged(full, async () => (await begin(full, { "Upload-Length": "900000" })).status, [507]);
  });

  it.each<[what: string, body: () => Promise<Uint8Array>, headers: Record<string, string>, statuses: number[]]>([
    ["for being readable", async () => Buffer.alloc(100_000, CANARY), {}, [422]],
    ["for its kind", async () => Buffer.from(CANARY), { "Content-Type": "text/plain" }, [400, 415]],
    ["at another offset", async () => Buffer.from(CANARY), { "Upload-Offset": "5" }, [409]],
    [
      "for what follows a whole message",
      async () => Buffer.concat([await submissionMessage(portal.recipient), Buffer.from(CANARY)]),
      {},
      [422],
    ],
  ])("%s", async (_what, body, headers, statuses) => {
    const before = await everything(portal);
    const answer = await begin(portal, { "Upload-Defer-Length": "1" });
    const url = portal.url + (answer.headers.get("location") ?? "");
    expect(statuses).toContain(await patch(url, await body(), headers));
    await fetch(url, { method: "DELETE", headers: TUS });
    const after = await everything(portal);
    for (const [path, contents] of after) {
      for (const trace of traces(CANARY)) expect(contents.includes(trace), path).toBe(false);
      if (!before.has(path)) expect(contents, path).toHaveLength(0);
    }
  });
});
