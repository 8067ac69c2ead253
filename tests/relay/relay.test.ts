import { describe, expect, it } from "vitest";
import { relayTo } from "../../src/relay/index.js";

const PORTAL = new URL("https://portal.example/");
const UPLOAD = `/uploads/${"0f".repeat(16)}`;
const MAILBOX = `/mailbox/${"a2".repeat(16)}`;
const REPLY = `${MAILBOX}/${"0f".repeat(16)}`;
const MIB = 1024 * 1024;

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A relay whose portal answers `answer`, and what the portal was asked. */
function relay(answer: () => Response | Promise<Response> = () => new Response(null, { status: 204 })) {
  const asked: Asked[] = [];
  const pass = relayTo({
    portal: PORTAL,
    send: async (request) => {
      const { method, url } = request;
      asked.push({ method, url, headers: Object.fromEntries(request.headers), body: await request.text() });
      return answer();
    },
  });
  const ask = (target: string, init: RequestInit = {}) => pass(new Request(`http://relay.invalid${target}`, init));
  return { ask, asked };
}

describe("a relay", () => {
  it.each([
    ["OPTIONS", "/uploads"],
    ["POST", "/uploads"],
    ["HEAD", UPLOAD],
    ["PATCH", UPLOAD],
    ["GET", "/challenge"],
    ["GET", "/keys.asc"],
    ["GET", "/keys.json"],
    ["POST", "/mailbox"],
  ])("passes on %s %s to its portal", async (method, target) => {
    const { ask, asked } = relay();
    expect((await ask(target, { method })).status).toBe(204);
    expect(asked.map(({ method, url }) => [method, url])).toEqual([[method, `https://portal.example${target}`]]);
  });

  it.each([
    ["GET", "/"],
    ["GET", "/ru/"],
    ["GET", "/build/client.js"],
    ["GET", "/offline/ru.html"],
    ["POST", "/ru/"],
    ["POST", "/ru/replies"],
    ["GET", "/health"],
    ["GET", "/keys.asc?x"],
    ["GET", "/keys.asc/"],
    ["GET", "//portal.example/keys.asc"],
    ["GET", "/%6beys.asc"],
    ["GET", "/uploads"],
    ["GET", UPLOAD],
    ["DELETE", UPLOAD],
    ["POST", UPLOAD],
    ["PUT", UPLOAD],
    ["PATCH", "/uploads"],
    ["PATCH", `${UPLOAD}0`],
    ["PATCH", `${UPLOAD}/..`],
    ["GET", "/mailbox"],
    ["POST", "/mailbox?x"],
    ["GET", MAILBOX],
    ["GET", `${MAILBOX}?from=60`],
    ["GET", REPLY],
    ["DELETE", REPLY],
    ["POST", REPLY],
  ])("asks nobody for %s %s", async (method, target) => {
    const { ask, asked } = relay();
    expect((await ask(target, { method })).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it("takes a POST for a PATCH where it says so, of an upload only", async () => {
    const { ask, asked } = relay();
    const headers = { "X-HTTP-Method-Override": "PATCH" };
    expect((await ask(UPLOAD, { method: "POST", headers, body: "x" })).status).toBe(204);
    expect(asked[0]).toMatchObject({ method: "POST", headers: { "x-http-method-override": "PATCH" }, body: "x" });
    expect((await ask(REPLY, { method: "POST", headers })).status).toBe(404);
    const other = { "X-HTTP-Method-Override": "DELETE" };
    expect((await ask(UPLOAD, { method: "POST", headers: other })).status).toBe(404);
    expect(asked).toHaveLength(1);
  });

  it("tells the portal nothing of who asks", async () => {
    const { ask, asked } = relay();
    await ask(UPLOAD, {
      method: "PATCH",
      body: "ciphertext",
      headers: {
        Accept: "text/html",
        "Accept-Language": "ru-RU",
        Authorization: "Basic eDp5",
        Cookie: "a=b",
        Forwarded: "for=203.0.113.7",
        Origin: "null",
        Referer: "file:///home/mother/appeal.html",
        "User-Agent": "Mozilla/5.0",
        Via: "1.1 office",
        "X-Forwarded-For": "203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "Sec-CH-UA-Platform": "Android",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": "10",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Postern-Proof": "proof",
      },
    });
    expect(asked[0]?.headers).toEqual({
      "accept-encoding": "identity",
      "content-length": "10",
      "content-type": "application/offset+octet-stream",
      "postern-proof": "proof",
      "tus-resumable": "1.0.0",
      "upload-offset": "0",
    });
    expect(asked[0]?.body).toBe("ciphertext");
  });

  it("answers any page, the form in a file among them, and what a browser asks before", async () => {
    const { ask, asked } = relay();
    const headers = { Origin: "null", "Access-Control-Request-Method": "PATCH" };
    const preflight = await ask(UPLOAD, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(preflight.headers.get("Access-Control-Allow-Methods")).toContain("PATCH");
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toContain("upload-offset");
    expect(asked).toEqual([]);
    const answer = await ask("/keys.asc", { headers: { Origin: "https://copy.example" } });
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Access-Control-Expose-Headers")).toContain("upload-offset");
    expect(answer.headers.has("Access-Control-Allow-Credentials")).toBe(false);
  });

  it("passes on an answer without cookies, links or anything else of a page", async () => {
    const { ask } = relay(
      () =>
        new Response("{}", {
          headers: {
            "Content-Type": "application/json; charset=utf-8",
            Date: "Thu, 26 Nov 2026 10:00:00 GMT",
            Server: "nginx",
            "Set-Cookie": "a=b",
            Link: "</x>; rel=preload",
            "Clear-Site-Data": '"*"',
            "Onion-Location": "http://x.onion/",
          },
        }),
    );
    const answer = await ask("/keys.json");
    expect(await answer.text()).toBe("{}");
    expect([...answer.headers.keys()]).toEqual([
      "access-control-allow-origin",
      "access-control-expose-headers",
      "cache-control",
      "content-security-policy",
      "content-type",
      "cross-origin-resource-policy",
      "date",
      "referrer-policy",
      "x-content-type-options",
    ]);
  });

  it.each([
    ["a page", 404, 404, { "Content-Type": "text/html" }],
    ["a script", 200, 200, { "Content-Type": "text/javascript" }],
    ["what has no type", 200, 200, {}],
    ["a redirect", 302, 502, { "Content-Type": "text/plain", Location: "https://evil.example/" }],
  ])("never passes on %s", async (_what, status, seen, headers) => {
    const { ask } = relay(() => new Response(Buffer.from("<script>"), { status, headers }));
    const answer = await ask("/keys.asc");
    expect([answer.status, await answer.text()]).toEqual([seen, ""]);
    expect(answer.headers.has("Location")).toBe(false);
    expect(answer.headers.has("Content-Type")).toBe(false);
  });

  it.each([
    [UPLOAD, UPLOAD],
    ["https://evil.example/uploads/x", null],
    ["//evil.example", null],
    [`${UPLOAD}/../../ru/`, null],
    ["/ru/", null],
  ])("says that a new upload is at %s only if that is one", async (location, seen) => {
    const { ask } = relay(() => new Response(null, { status: 201, headers: { Location: location } }));
    expect((await ask("/uploads", { method: "POST" })).headers.get("Location")).toBe(seen);
  });

  it("passes on no header with an odd or a long value", async () => {
    const { ask, asked } = relay();
    await ask("/uploads", { method: "POST", headers: { "Postern-Proof": "x".repeat(513), "Upload-Length": "\u00e9" } });
    expect(Object.keys(asked[0]?.headers ?? {})).toEqual(["accept-encoding"]);
  });

  it("takes a piece of 9 MiB, and of one byte more neither with a length nor without", async () => {
    const patch = (bytes: number, headers = {}) => ({ method: "PATCH", body: new Uint8Array(bytes), headers });
    expect((await relay().ask(UPLOAD, patch(9 * MIB))).status).toBe(204);
    expect((await relay().ask(UPLOAD, patch(9 * MIB + 1))).status).toBe(502);
    const told = relay();
    const headers = { "Content-Length": String(9 * MIB + 1) };
    expect((await told.ask(UPLOAD, patch(1, headers))).status).toBe(413);
    expect(told.asked).toEqual([]);
  });

  it("holds back what the portal does not take", async () => {
    let made = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          made += 1024;
          controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    let taken = 0;
    const pass = relayTo({
      portal: PORTAL,
      send: async ({ body }) => {
        const reader = body?.getReader();
        for (let reads = 0; reads < 10; reads += 1) taken += (await reader?.read())?.value?.length ?? 0;
        return new Response(null, { status: 204 });
      },
    });
    await pass(new Request(`http://relay.invalid${UPLOAD}`, { method: "PATCH", body, duplex: "half" } as RequestInit));
    expect(taken).toBe(10 * 1024);
    expect(made - taken).toBeLessThanOrEqual(4 * 1024);
  });

  it("cuts an answer off that is longer than any of a portal", async () => {
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(MIB)) });
    const type = { "Content-Type": "application/octet-stream" };
    const { ask } = relay(() => new Response(endless, { headers: type }));
    await expect((await ask("/keys.asc")).arrayBuffer()).rejects.toThrow();
  });

  it("says that the portal cannot be reached, so that a client asks again", async () => {
    const { ask } = relay(() => Promise.reject(new Error("connect ECONNREFUSED 203.0.113.9:443")));
    const answer = await ask("/keys.asc");
    expect([answer.status, await answer.text()]).toEqual([502, "unreachable\n"]);
    expect(answer.headers.has("Tus-Resumable")).toBe(false);
  });
});
