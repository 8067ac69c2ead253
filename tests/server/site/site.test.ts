import { createHash } from "node:crypto";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadStylesheet } from "../../../src/http/index.js";
import { loadTexts } from "../../../src/locales/index.js";
import { loadClientBuild } from "../../../src/server/site/client-build.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal({ config: { organisation: "Фонд <Шлях>" } });
});
afterAll(() => portal.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(portal.url + path, { headers, redirect: "manual" });

const STYLE = loadStylesheet("style.css").path;
const LANGUAGES = [...loadTexts().values()];

describe("the front page", () => {
  it.each([
    ["ru", "/ru/"],
    ["ru-RU,ru;q=0.9,en;q=0.8", "/ru/"],
    ["uk-UA,uk;q=0.9,ru;q=0.8,en;q=0.7", "/uk/"],
    ["en-GB,en", "/en/"],
    ["fr-FR,fr;q=0.9,en;q=0.5", "/en/"],
    ["fr", "/ru/"],
    ["be,kk", "/ru/"],
    ["*", "/ru/"],
    ["", "/ru/"],
    [";;;,q=x", "/ru/"],
    ["../../etc", "/ru/"],
  ])("is chosen by Accept-Language %j: %s", async (accept, location) => {
    const response = await get("/", { "Accept-Language": accept });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(location);
    expect(response.headers.get("vary")).toContain("Accept-Language");
  });

  it.each(LANGUAGES.map((texts) => [texts.language, texts] as const))(
    "speaks %s and leads to the other languages",
    async (language, texts) => {
      const page = await (await get(`/${language}/`)).text();
      expect(page).toContain(`<html lang="${language}" dir="${texts.direction}" translate="no">`);
      expect(page).toContain(`<h1>${texts.say("form-title")}</h1>`);
      for (const other of LANGUAGES) expect(page).toContain(`href="/${other.language}/"`);
    },
  );

  it("is the same for everyone, so that it can be hashed", async () => {
    const [first, second] = await Promise.all([get("/ru/"), get("/ru/", { "User-Agent": "x", Cookie: "a=b" })]);
    expect(await first?.text()).toBe(await second?.text());
  });

  it("has the questions in their order, the letter and the documents first", async () => {
    const page = await (await get("/ru/form/alone")).text();
    const body = page.slice(page.indexOf("<body"));
    const names = [...body.matchAll(/ name="([a-z]+)"/g)].map(([, name]) => name);
    expect(names).toEqual([
      "message",
      "documents",
      "prisoner",
      "place",
      "charge",
      "request",
      "writer",
      "health",
      "consent",
      "contact",
    ]);
  });

  it("shows the organisation, escaped, but not in the title", async () => {
    const page = await (await get("/ru/")).text();
    expect(page).toContain("Фонд &lt;Шлях>");
    expect(/<title>(.*?)<\/title>/.exec(page)?.[1]).toBe("Напишите нам");
  });

  it("asks for nothing from anywhere else", async () => {
    const page = await (await get("/ru/")).text();
    expect(page).not.toMatch(/(?:src|href|action)="(?!\/|#)/);
    expect(page.match(/<script[^>]*>[^<]*/g)).toEqual([expect.stringMatching(/^<script src="\/build\/main-[^>]*>$/)]);
    expect(page).not.toContain(" style=");
    expect(page.match(/<style/g)).toHaveLength(1);
  });

  it("holds one style itself, of which its policy names the digest; no other page holds any", async () => {
    for (const path of ["/ru/", "/uk/replies"]) {
      const response = await get(path);
      const [, style = ""] = /<style>([^<&"]+)<\/style>/.exec(await response.text()) ?? [];
      const digest = createHash("sha256").update(style).digest("base64");
      const policy = response.headers.get("content-security-policy")?.split(";");
      expect(policy).toContain(`style-src 'self' 'sha256-${digest}'`);
    }
    for (const path of ["/ru/encrypted", "/ru/safety", "/ru/form/alone", "/ru/nothing"]) {
      const response = await get(path);
      expect(await response.text()).not.toContain("<style");
      expect(response.headers.get("content-security-policy")?.split(";")).toContain("style-src 'self'");
    }
  });
});

describe("the form that the client encrypts", () => {
  const form = async () => /<form[\s\S]*<\/form>/.exec(await (await get("/ru/")).text())?.[0] ?? "";

  it("cannot be sent by a browser: it has no target, no names, and its button is off", async () => {
    expect(await form()).not.toMatch(/ (?:name|action|formaction)=/);
    expect(await form()).toMatch(/^<form id="form" method="dialog"/);
    expect(await form()).toMatch(/<button id="send" type="submit" disabled/);
  });

  it("is followed, where there is no JavaScript, by the one that the server encrypts, and a link to it", async () => {
    const page = await (await get("/ru/")).text();
    const [without] = /<noscript><p[\s\S]*?<\/noscript>/.exec(page) ?? [""];
    expect(without).toContain('src="/ru/plain"');
    expect(without).toContain('href="/ru/form/alone"');
    const alone = await (await get("/ru/form/alone")).text();
    expect(alone).toMatch(/action="\/ru\/submit\?progress=[0-9a-f]{32}"/);
    expect(alone).not.toContain("<script");
  });

  it("names its script's digest and the recipients' fingerprints", async () => {
    const page = await (await get("/ru/")).text();
    const [, path, integrity] = /<script src="([^"]+)" integrity="(sha384-[^"]+)"/.exec(page) ?? [];
    const script = Buffer.from(await (await get(path ?? "")).arrayBuffer());
    expect(integrity).toBe(`sha384-${createHash("sha384").update(script).digest("base64")}`);
    expect(page).toContain(portal.recipient.fingerprint);
  });
});

describe("the first visit", () => {
  const compressed = async (path: string) => {
    const encoded = brotliCompressSync(Buffer.from(await (await get(path)).arrayBuffer()));
    return encoded.length;
  };

  it.each(LANGUAGES.map(({ language }) => language))(
    "costs at most 14 KiB until the form can be read and filled in: %s",
    async (language) => {
      expect((await compressed(`/${language}/`)) + (await compressed(STYLE))).toBeLessThanOrEqual(14 * 1024);
    },
  );

  it.each(["usual", "rare"] as const)("costs at most 95 KiB for all scripts together, with %s curves", (curves) => {
    const { main, worker, longClient } = loadClientBuild()[curves];
    const sizes = [main, worker, ...longClient].map(({ contents }) => brotliCompressSync(contents).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(95 * 1024);
  });

  it.each(["br", "gzip", "identity"])("is served as %s to who asks for that", async (encoding) => {
    const { hostname, port } = new URL(portal.url);
    const answer = await new Promise<IncomingMessage>((resolve) => {
      request({ hostname, port, path: STYLE, headers: { "Accept-Encoding": encoding } }, resolve).end();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes }[encoding];
    expect(answer.headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding);
    expect(decode?.(Buffer.concat(chunks)).toString()).toContain(":root");
  });
});

describe("every answer", () => {
  const ROUTES: readonly (readonly [string, number, boolean])[] = [
    ["/", 302, false],
    ["/ru/", 200, false],
    ["/ru/plain", 200, true],
    ["/ru/form/00000000000000000000000000000000", 200, true],
    ["/ru/submit", 303, true],
    [STYLE, 200, false],
    [loadStylesheet("noscript.css").path, 200, false],
    ["/icon.svg", 200, false],
    ["/ru/replies", 200, false],
    ["/ru/replies/plain", 200, false],
    ["/mailbox/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 200, false],
    ["/mailbox/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/00000000000000000000000000000000", 404, false],
    ["/ru/encrypted", 200, false],
    ["/ru/safety", 200, false],
    ["/ru/about", 200, false],
    ["/ru/keys", 200, false],
    ["/ru/leave", 303, false],
    ["/offline/ru.html", 200, false],
    ["/healthz", 200, false],
    ["/keys.asc", 200, false],
    ["/keys.json", 200, false],
    // No such token: the answer is still one for a frame.
    ["/progress/00000000000000000000000000000000", 404, true],
    ["/progress/00000000000000000000000000000000/soon", 404, true],
    ["/nothing", 404, false],
    ["/%ff", 404, false],
    ["/ru/form/%ff", 400, false],
    ["/.git/config", 404, false],
    ["/../package.json", 404, false],
  ];

  /** What no page and no worker heeds stays away: half of such a short answer. */
  const DATA = new Set([STYLE, loadStylesheet("noscript.css").path, "/icon.svg"]);
  const OF_PAGES = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "x-dns-prefetch-control": "off",
    "permissions-policy": expect.stringMatching(/camera=\(\).*geolocation=\(\).*microphone=\(\)/),
  };

  it.each(ROUTES)("carries the security headers: %s (%i)", async (path, status, framed) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      ...(DATA.has(path) ? {} : OF_PAGES),
    });
    const policy = headers["content-security-policy"] ?? "";
    for (const directive of ["default-src 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]) {
      expect(policy.split(";")).toContain(directive);
    }
    // The client's page may run our script and connect to us, and can send no form at all; no other page runs anything.
    const client = /^\/(ru|uk|en)\/(replies)?$/.test(path);
    // The page for files that are encrypted already runs our script as well, but needs none to be sent.
    const forward = path === "/ru/encrypted";
    for (const directive of client
      ? ["form-action 'none'", "script-src 'self'", "worker-src 'self'", "connect-src 'self'", "trusted-types postern"]
      : forward
        ? ["form-action 'self'", "script-src 'self'", "connect-src 'self'", "trusted-types postern"]
        : ["form-action 'self'", "trusted-types 'none'"]) {
      expect(policy.split(";")).toContain(directive);
    }
    expect(policy.includes("script-src")).toBe(client || forward);
    expect(policy.includes("worker-src")).toBe(client);
    expect(policy.split(";")).toContain(`frame-ancestors ${framed ? "'self'" : "'none'"}`);
    expect(headers["x-frame-options"]).toBe(framed ? "SAMEORIGIN" : "DENY");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    for (const absent of [
      "x-powered-by",
      "etag",
      "last-modified",
      "set-cookie",
      "server",
      "strict-transport-security",
    ]) {
      expect(headers).not.toHaveProperty(absent);
    }
    if (!path.endsWith("css") && !path.endsWith("svg")) expect(headers["cache-control"]).toBe("no-store");
  });
});

describe("leaving", () => {
  it.each(LANGUAGES.map(({ language }) => language))(
    "is one link on every page, to a neutral one: %s",
    async (language) => {
      for (const page of ["", "replies", "replies/plain", "safety", "about", "keys", "form/alone", "nothing"]) {
        expect(await (await get(`/${language}/${page}`)).text()).toContain(`href="/${language}/leave" target="_top"`);
      }
      const response = await get(`/${language}/leave`);
      expect(response.headers.get("location")).toBe(`https://${language}.wikipedia.org/`);
      expect(response.headers.get("clear-site-data")).toBe('"cache", "cookies", "storage"');
    },
  );
});

describe("where the visitor is", () => {
  const ONION = `${"a".repeat(56)}.onion`;
  let there: TestPortal;
  beforeAll(async () => {
    there = await startTestPortal({ config: { onion: ONION } });
  });
  afterAll(() => there.stop());

  const ask = (host: string, path = "/ru/", headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(there.url);
      request({ hostname, port, path, headers: { Host: host, ...headers } }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      })
        .on("error", reject)
        .end();
    });

  it("on the clear net: pages lead to the onion service", async () => {
    const { headers, body } = await ask("example.org", "/ru/safety");
    expect(headers["onion-location"]).toBe(`http://${ONION}/ru/safety`);
    expect(body).toContain(`href="http://${ONION}/ru/"`);
  });

  it("at the onion service: nothing leads there again", async () => {
    const { headers, body } = await ask(ONION);
    expect(headers["onion-location"]).toBeUndefined();
    expect(body).not.toContain(".onion");
    expect(headers["strict-transport-security"]).toBeUndefined();
  });

  it.each([
    [`${ONION}.ws`, {}],
    [ONION, { "X-Tor2web": "1" }],
  ])("behind a gateway that reads along, %s %j: a warning instead of any form", async (host, headers) => {
    for (const path of ["/ru/", "/ru/form/alone", "/ru/replies/plain"]) {
      const { status, body } = await ask(host, path, headers as Record<string, string>);
      expect(status).toBe(403);
      expect(body).toContain("Здесь письмо могут прочитать чужие");
      expect(body).toContain(`<code>${ONION}</code>`);
      expect(body).not.toContain("<form");
    }
    expect((await ask(host, STYLE, headers as Record<string, string>)).status).toBe(200);
  });

  it("without an onion service: there is nothing to lead to", async () => {
    const response = await get("/ru/");
    expect(response.headers.get("onion-location")).toBeNull();
    expect(await response.text()).not.toContain(".onion");
  });
});

describe("a page that does not exist", () => {
  it.each([
    ["/uk/nothing", "ru", "Такої сторінки немає"],
    ["/nothing", "en", "There is no such page"],
    ["/nothing", "", "Такой страницы нет"],
  ])("is answered in the language of its path, or else the browser's: %s", async (path, accept, words) => {
    const response = await get(path, { "Accept-Language": accept });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(words);
  });
});

describe("the recipients' certificates", () => {
  it("are there to be compared, and never a secret one", async () => {
    const listed = (await (await get("/keys.json")).json()) as {
      recipients: { fingerprint: string; expires: string }[];
    };
    const armored = await (await get("/keys.asc")).text();
    expect(listed.recipients).toHaveLength(1);
    expect(listed.recipients[0]?.fingerprint).toMatch(/^[0-9A-F]{40}$/);
    expect(armored).toContain("-----BEGIN PGP PUBLIC KEY BLOCK-----");
    expect(armored).not.toContain("PRIVATE");
  });
});

describe("health", () => {
  it("is ok while a submission can be taken", async () => {
    expect(await (await get("/healthz")).json()).toEqual({ status: "ok", reasons: [], warnings: [] });
  });

  it("warns in the last 30 days of a certificate", async () => {
    const soon = await startTestPortal({ lifetime: 20 * 24 * 60 * 60 });
    try {
      const response = await fetch(`${soon.url}/healthz`);
      const { status, warnings } = (await response.json()) as { status: string; warnings: string[] };
      expect([response.status, status]).toEqual([200, "ok"]);
      expect(warnings).toEqual([expect.stringMatching(/^certificate [0-9A-F]{40} expires on \d{4}-\d\d-\d\d/)]);
    } finally {
      await soon.stop();
    }
  });

  it("is not ok when space runs out", async () => {
    const full = await startTestPortal({ config: { minFree: Number.MAX_SAFE_INTEGER } });
    try {
      const response = await fetch(`${full.url}/healthz`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ status: "unavailable", reasons: ["the store is out of space"] });
    } finally {
      await full.stop();
    }
  });
});
