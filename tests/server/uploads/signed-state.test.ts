import { createPublicKey, verify } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { submissionMessage } from "../../support/message.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";
import { makeReceiptKey } from "../../support/ways.js";

const key = makeReceiptKey();
const VERSION = { "Tus-Resumable": "1.0.0" };
const PIECE = { ...VERSION, "Content-Type": "application/offset+octet-stream" };

let portal: TestPortal;
let plain: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal({
    config: { ways: { addresses: ["https://relay.example.org"], key, mailboxKey: null } },
  });
  plain = await startTestPortal();
});
afterAll(async () => {
  await portal.stop();
  await plain.stop();
});

/** Whether the portal has signed these lines, as docs/FORMAT.md section 17 has them. */
function isSigned({ headers }: Response, ...lines: readonly string[]): boolean {
  const spki = createPublicKey({ key: Buffer.from(key.spki, "base64"), type: "spki", format: "der" });
  const text = Buffer.from(`postern upload 1\n${lines.join("\n")}\n`);
  const signature = Buffer.from(headers.get("Postern-Signature") ?? "", "base64");
  return verify("sha256", text, { key: spki, dsaEncoding: "ieee-p1363" }, signature);
}

async function begin(url = portal.url): Promise<Response> {
  return fetch(`${url}/uploads`, { method: "POST", headers: { ...VERSION, "Upload-Defer-Length": "1" } });
}

const placeOf = (answer: Response) => answer.headers.get("Location") ?? "";

describe("the state of an upload", () => {
  it("is signed where it begins, at each piece and question, and with its digest where it ends", async () => {
    const bytes = new Uint8Array(await submissionMessage(portal.recipient, 10_000));
    const begun = await begin();
    const id = placeOf(begun).slice("/uploads/".length);
    expect(isSigned(begun, id, "0", "-")).toBe(true);
    const url = `${portal.url}/uploads/${id}`;
    const send = (from: number, to: number, more: Record<string, string> = {}) =>
      fetch(url, {
        method: "PATCH",
        headers: { ...PIECE, "Upload-Offset": String(from), ...more },
        body: bytes.subarray(from, to),
      });
    expect(isSigned(await send(0, 5_000), id, "5000", "-")).toBe(true);
    expect(isSigned(await fetch(url, { method: "HEAD", headers: VERSION }), id, "5000", "-")).toBe(true);
    const size = String(bytes.length);
    const last = await send(5_000, bytes.length, { "Upload-Length": size });
    const digest = last.headers.get("Postern-Blocks-Sha256") ?? "";
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(isSigned(last, id, size, digest)).toBe(true);
    // Whoever lost that answer is told again.
    expect(isSigned(await send(bytes.length, bytes.length), id, size, digest)).toBe(true);
    expect(isSigned(last, id, size, "-")).toBe(false);
  });

  it("is not signed where there is none, or by a portal without a key", async () => {
    const url = `${portal.url}${placeOf(await begin())}`;
    const wrong = await fetch(url, { method: "PATCH", headers: { ...PIECE, "Upload-Offset": "7" }, body: "x" });
    expect([wrong.status, wrong.headers.get("Postern-Signature")]).toEqual([409, null]);
    expect((await begin(plain.url)).headers.get("Postern-Signature")).toBeNull();
  });
});

describe("an offline form that sends may ask a portal from any page", () => {
  const ORIGINS = ["null", "https://copy.example.org"];
  const asked = (url: string, path: string, origin: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...VERSION, Origin: origin, "Sec-Fetch-Site": "cross-site", ...init.headers },
    });

  it.each(ORIGINS)("for uploads and their proof of work, with origin %s", async (origin) => {
    const begun = await asked(portal.url, "/uploads", origin, {
      method: "POST",
      headers: { "Upload-Defer-Length": "1" },
    });
    expect([begun.status, begun.headers.get("Access-Control-Allow-Origin")]).toEqual([201, "*"]);
    expect(begun.headers.get("Access-Control-Expose-Headers")).toContain("postern-signature");
    expect(begun.headers.get("Access-Control-Allow-Credentials")).toBeNull();
    expect((await asked(portal.url, "/challenge", origin)).headers.get("Access-Control-Allow-Origin")).toBe("*");
    const preflight = await asked(portal.url, placeOf(begun), origin, {
      method: "OPTIONS",
      headers: { "Access-Control-Request-Method": "PATCH" },
    });
    expect([preflight.status, preflight.headers.get("Access-Control-Allow-Methods")]).toEqual([
      204,
      "HEAD, POST, PATCH",
    ]);
  });

  it("for nothing else", async () => {
    for (const path of ["/ru/", "/keys.asc", `/mailbox/${"a".repeat(32)}`, "/offline/ru.html", "/healthz"]) {
      expect((await asked(portal.url, path, "null")).headers.get("Access-Control-Allow-Origin"), path).toBeNull();
    }
  });

  it.each(ORIGINS)("and no page of others where the form only makes files, with origin %s", async (origin) => {
    const begun = await asked(plain.url, "/uploads", origin, {
      method: "POST",
      headers: { "Upload-Defer-Length": "1" },
    });
    expect([begun.status, begun.headers.get("Access-Control-Allow-Origin")]).toEqual([403, null]);
    expect((await asked(plain.url, "/challenge", origin)).status).toBe(403);
  });
});

describe("the offline form", () => {
  it("may connect to the ways that it names, and where there are none to nothing", async () => {
    const policyOf = async ({ url }: TestPortal) =>
      /connect-src [^;]*/.exec(await (await fetch(`${url}/offline/ru.html`)).text())?.[0];
    expect(await policyOf(portal)).toBe("connect-src https://relay.example.org");
    expect(await policyOf(plain)).toBe("connect-src 'none'");
  });

  it("alone holds what sends by them: no page of the portal grows", async () => {
    for (const language of ["ru", "uk", "en"]) {
      const [with_, without] = await Promise.all(
        [portal, plain].map(async ({ url }) => (await fetch(`${url}/${language}/`)).text()),
      );
      expect(with_).not.toContain("relay.example.org");
      expect(Math.abs((with_?.length ?? 0) - (without?.length ?? 0))).toBeLessThan(64);
    }
  });
});
