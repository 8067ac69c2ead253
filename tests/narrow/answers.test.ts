import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReceiptCode, createReply, deriveReplyAddress } from "../../src/core/index.js";
import { render } from "../../src/http/index.js";
import { loadTexts } from "../../src/locales/index.js";
import { encryptReply } from "../../src/openpgp/index.js";
import { ENCRYPTED_FAULTS, EncryptedPage, EncryptedReceiptPage } from "../../src/server/pages/encrypted-page.js";
import type { Portal } from "../../src/server/pages/layout.js";
import { refusalPages } from "../../src/server/pages/refusal-page.js";
import { loadStyles } from "../../src/server/site/index.js";
import { streamOf } from "../support/bytes.js";
import { submissionMessage } from "../support/message.js";
import { startTestPortal, type TestPortal } from "../support/portal.js";
import { BOUNDARY, multipart, part } from "../support/raw-request.js";
import { Random } from "../support/seed.js";
import { onTheWire, type WireRequest } from "../support/wire.js";

const KIB = 1024;
/** What a proxy adds to a head: the length of HSTS, and a name. */
const PROXY_BYTES = 130;
const MAX_BYTES = 8 * KIB - PROXY_BYTES;
const LANGUAGES = ["ru", "uk", "en"];
const NOBODYS = "0".repeat(32);
const CONFIG = { organisation: "Помощь заключённым", onion: `${"a".repeat(56)}.onion` };

/** What comes in one where the network lets it through, and in pieces where not: the tests of this folder show how. */
const IN_PIECES = /^\/(?:build\/(?:worker|curves)-[0-9a-f]{16}\.js|offline\/(?:ru|uk|en)\.html)$/;
/** The page's client in one, by the names of its files: asked for only once something longer has passed. */
const LONG_CLIENT = new Set(
  Object.values(
    JSON.parse(readFileSync(new URL("../../public/build/client.json", import.meta.url), "utf8")) as Record<
      string,
      { readonly longClient: readonly string[] }
    >,
  ).flatMap(({ longClient }) => longClient.map((name) => `/build/${name}`)),
);

let portal: TestPortal;
let code: string;
let mailbox: string;
let reply: string;

beforeAll(async () => {
  portal = await startTestPortal({ config: CONFIG });
  const { mailboxes } = portal.store;
  code = createReceiptCode();
  const address = await deriveReplyAddress(code, await mailboxes.portalSalt());
  mailbox = address.mailbox;
  const bytes = new Random("answers").bytes(20 * KIB);
  const document = { name: "ответ.pdf", type: "application/pdf", size: bytes.length, open: () => streamOf(bytes) };
  const archive = createReply({ text: "Мы нашли адвоката.\n", documents: [document] });
  await mailboxes.putReply(mailbox, await encryptReply(archive.stream, address.key));
  const [listed] = await mailboxes.listReplies(mailbox);
  reply = listed?.id ?? "";
  const other = createReply({ text: "Ещё.\n", documents: [] });
  const message = new Uint8Array(await new Response(await encryptReply(other.stream, address.key)).arrayBuffer());
  for (let count = 0; count < 100; count += 1) await mailboxes.putReply("b".repeat(32), streamOf(message));
});
afterAll(() => portal.stop());

const posted = (path: string, contentType: string, body: Uint8Array): WireRequest => ({
  method: "POST",
  path,
  headers: { "Content-Type": contentType },
  body,
});
const formData = (path: string, ...parts: readonly Buffer[]) =>
  posted(path, `multipart/form-data; boundary=${BOUNDARY}`, multipart(...parts));
const fields = (path: string, values: Readonly<Record<string, string>>) =>
  posted(path, "application/x-www-form-urlencoded", Buffer.from(new URLSearchParams(values).toString()));
const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}): WireRequest => ({
  method,
  path,
  headers,
});
const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };

async function beginUpload(): Promise<string> {
  const headers = { ...TUS, "Upload-Defer-Length": "1" };
  const answer = await fetch(`${portal.url}/uploads`, { method: "POST", headers });
  return answer.headers.get("Location") ?? "";
}

async function issueToken(language: string): Promise<string> {
  const frames = await (await fetch(`${portal.url}/${language}/plain`)).text();
  return /[0-9a-f]{32}/.exec(frames)?.[0] ?? "";
}

/** Every state of a route that more than one request leads to. `{lang}` stands for each language. */
const STATES: Readonly<Record<string, (language: string) => Promise<readonly WireRequest[]>>> = {
  "GET /{lang}/form/:token": async (language) => [
    ask("GET", `/${language}/form/${await issueToken(language)}`),
    ask("GET", `/${language}/form/${NOBODYS}`),
  ],
  "GET /progress/:token": async (language) => [
    ask("GET", `/progress/${await issueToken(language)}`),
    ask("GET", `/progress/${NOBODYS}`, { "Accept-Language": language }),
  ],
  "GET /progress/:token/soon": async (language) => [
    ask("GET", `/progress/${await issueToken(language)}/soon`),
    ask("GET", `/progress/${NOBODYS}/soon`, { "Accept-Language": language }),
  ],
  "POST /{lang}/submit": async (language) => {
    const path = `/${language}/submit`;
    const letter = part('name="message"', "Здравствуйте! ".repeat(20));
    return [
      formData(path, letter),
      formData(path, part('name="message"', "")),
      formData(path, letter, part('name="receipt-code"', "12345")),
      formData(path, part('name="message"', "я".repeat(200_000))),
      posted(path, "text/plain", Buffer.from("x")),
      { method: "POST", path },
    ];
  },
  "POST /{lang}/encrypted": async (language) => {
    const path = `/${language}/encrypted`;
    const file = (bytes: Uint8Array | string) => part('name="file"; filename="a"', bytes, "application/octet-stream");
    return [
      formData(path, file(await submissionMessage(portal.recipient))),
      formData(path, file("readable")),
      formData(path, file("a"), file("b")),
      formData(path, file("")),
    ];
  },
  "POST /{lang}/replies": async (language) => {
    const path = `/${language}/replies`;
    return [
      fields(path, { "receipt-code": code }),
      fields(path, { "receipt-code": createReceiptCode() }),
      fields(path, { "receipt-code": "12345" }),
      fields(path, { "receipt-code": code, action: "more" }),
      fields(path, { "receipt-code": code, action: "save", reply: NOBODYS, file: "0" }),
      fields(path, {}),
    ];
  },
  "POST /uploads": async () => [
    ask("POST", "/uploads", { ...TUS, "Upload-Defer-Length": "1" }),
    ask("POST", "/uploads"),
    ask("POST", "/uploads", { ...TUS, "Upload-Length": String(1024 ** 5) }),
    ask("POST", "/uploads", { ...TUS, Origin: "https://example.org", "Sec-Fetch-Site": "cross-site" }),
  ],
  "OPTIONS /uploads/:id": async () => [ask("OPTIONS", await beginUpload())],
  "HEAD /uploads/:id": async () => [ask("HEAD", await beginUpload(), TUS), ask("HEAD", `/uploads/${NOBODYS}`, TUS)],
  "PATCH /uploads/:id": async () => [
    { method: "PATCH", path: await beginUpload(), headers: PIECE, body: await submissionMessage(portal.recipient) },
    { method: "PATCH", path: await beginUpload(), headers: PIECE, body: Buffer.from("readable") },
    { method: "PATCH", path: `/uploads/${NOBODYS}`, headers: PIECE, body: Buffer.from("x") },
  ],
  "GET /mailbox/:mailbox": async () => [
    ask("GET", `/mailbox/${mailbox}`),
    ask("GET", `/mailbox/${"b".repeat(32)}`),
    ask("GET", `/mailbox/${NOBODYS}`),
    ask("GET", "/mailbox/x"),
  ],
  // In ranges, as the client asks for it where the network is narrow.
  "GET /mailbox/:mailbox/:reply": async () => [
    ask("GET", `/mailbox/${mailbox}/${reply}`, { Range: `bytes=0-${6 * KIB - 1}` }),
    ask("GET", `/mailbox/${mailbox}/${reply}`, { Range: "bytes=99999999-99999999" }),
    ask("GET", `/mailbox/${mailbox}/${NOBODYS}`),
  ],
  "DELETE /mailbox/:mailbox/:reply": async () => [ask("DELETE", `/mailbox/${mailbox}/${NOBODYS}`)],
};

/** What no route answers. */
const BESIDES: readonly WireRequest[] = [
  ...LANGUAGES.flatMap((language) => [
    ask("GET", "/nothing", { "Accept-Language": language }),
    ask("GET", "/%ff", { "Accept-Language": language }),
    ask("GET", "/.well-known/security.txt", { "Accept-Language": language }),
    ask("GET", "/robots.txt", { "Accept-Language": language }),
    ask("GET", "/favicon.ico", { "Accept-Language": language }),
    // Behind a gateway that shows onion services to anybody.
    ask("GET", `/${language}/`, { Host: `${"a".repeat(56)}.onion.ws` }),
  ]),
  ask("GET", "/", { Cookie: "x".repeat(20_000) }),
  ask("GET", "/", { "Transfer-Encoding": "x" }),
];

async function expectSmall(request: WireRequest): Promise<void> {
  const { bytes, status } = await onTheWire(portal.url, request);
  const what = `${request.method} ${request.path} (${status})`;
  expect({ what, over: Math.max(0, bytes - MAX_BYTES) }).toEqual({ what, over: 0 });
}

describe("every answer passes where a connection goes silent after some 25 packets", () => {
  it("by each route that the server has", async () => {
    const forgotten: string[] = [];
    const present = new Set(portal.paths.map(({ path }) => path));
    for (const route of portal.routes) {
      const [method = "", path = ""] = route.split(" ");
      // Those of earlier builds are as they were.
      if (IN_PIECES.test(path) || LONG_CLIENT.has(path) || (path.startsWith("/build/") && !present.has(path))) continue;
      const [, language = null] = /^\/(ru|uk|en)(?=\/)/.exec(path) ?? [];
      const pattern = language === null ? route : `${method} /{lang}${path.slice(3)}`;
      const states = STATES[pattern];
      const isPlain = ["GET", "OPTIONS"].includes(method) && !path.includes(":");
      if (states === undefined && !isPlain) forgotten.push(route);
      for (const each of language === null ? LANGUAGES : [language]) {
        for (const request of (await states?.(each)) ?? []) await expectSmall(request);
      }
      if (states === undefined && isPlain) await expectSmall(ask(method, path));
    }
    expect(forgotten).toEqual([]);
    // A state of a route that is gone would be tested for nothing.
    const known = portal.routes.map((route) => route.replace(/ \/(?:ru|uk|en)(?=\/)/, " /{lang}"));
    expect(Object.keys(STATES).filter((pattern) => !known.includes(pattern))).toEqual([]);
  }, 300_000);

  it("where there is no route, and where HTTP itself is wrong", async () => {
    for (const request of BESIDES) await expectSmall(request);
  });

  it("with each refusal that a page can have", async () => {
    const languages = [...loadTexts().values()];
    const made = {
      ...CONFIG,
      languages,
      maxSubmission: 2 ** 31,
      maxFiles: 100,
      demonstration: true,
      styles: loadStyles(),
    };
    const pages = made as unknown as Portal;
    const { headBytes } = await onTheWire(portal.url, ask("GET", "/nothing"));
    const refusal = refusalPages(pages);
    for (const texts of languages) {
      const codes = [
        ...(["too_large", "too_many_files", "bad_request", "busy", "too_many_requests"] as const),
        ...(["no_space", "key_expired", "cannot_store", "not_found"] as const),
      ];
      const rendered = [
        ...codes.map((each) => refusal(texts, each)),
        ...ENCRYPTED_FAULTS.map((fault) => render(EncryptedPage({ portal: pages, texts, fault }))),
        render(EncryptedReceiptPage({ portal: pages, texts, outside: true })),
      ];
      for (const page of rendered) expect(gzipSync(page).length + headBytes).toBeLessThanOrEqual(MAX_BYTES);
    }
  });
});
