import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formOf, startTestPortal, type TestPortal } from "../../support/portal.js";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal();
});
afterAll(() => portal.stop());

const LANGUAGES = ["ru", "uk", "en"];
/** Answers that are made for each visit. */
const MADE = new RegExp(
  `^/(?:${LANGUAGES.join("|")})/(?:leave|plain)$|^/progress/|^/[a-z]{2}/form/(?:alone|[0-9a-f]{32})$`,
);

/** Every page that can be reached by links and frames, and those that answer a letter or a mistake. */
async function pages(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = LANGUAGES.flatMap((each) => [`/${each}/`, `/${each}/404.html`, `/${each}/nothing`]);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    const response = await fetch(portal.url + path, { redirect: "manual" });
    const page = response.headers.get("content-type")?.startsWith("text/html") === true ? await response.text() : "";
    found.set(path, page);
    // The offline form is one file with everything in it; its own policy names the digests.
    if (!path.startsWith("/offline/")) {
      for (const [, next = ""] of page.matchAll(/ (?:href|src)="(\/[^"#]*)"/g)) open.push(next);
    }
  }
  const sent = await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({ message: "Письмо" }) });
  found.set("the receipt", await sent.text());
  const refused = await fetch(`${portal.url}/ru/submit`, { method: "POST", body: formOf({}) });
  found.set("a refusal", await refused.text());
  const mailbox = await fetch(`${portal.url}/ru/replies`, {
    method: "POST",
    body: new URLSearchParams({ "receipt-code": "1" }),
  });
  found.set("no mailbox", await mailbox.text());
  return found;
}

describe("every page", () => {
  it("names the digest of each stylesheet and script that it loads, truly, and loads nothing by another way", async () => {
    const all = await pages();
    const offline = /^\/offline\//;
    expect(all.size).toBeGreaterThan(40);
    for (const [name, page] of all) {
      if (page === "" || offline.test(name)) continue;
      const tags = page.match(/<(?:script|link rel="stylesheet")[^>]*>/g) ?? [];
      expect(tags.length, name).toBeGreaterThan(0);
      for (const tag of tags) {
        const [, path = ""] = / (?:src|href)="(\/[^"]+)"/.exec(tag) ?? [];
        const [, integrity] = / integrity="(sha384-[^"]+)"/.exec(tag) ?? [];
        const contents = Buffer.from(await (await fetch(portal.url + path)).arrayBuffer());
        expect(integrity, `${name}: ${tag}`).toBe(`sha384-${createHash("sha384").update(contents).digest("base64")}`);
        // An upgrade gives another name, so that no cache has something else under this one.
        expect(path).toMatch(/-[0-9a-f]{16}\.(?:css|js)$/);
      }
      // The client's pages hold their first style themselves: tests/server/site/site.test.ts.
      expect(page, name).not.toMatch(/@import|<link[^>]*rel="(?:preload|modulepreload|import)"/);
    }
  });

  it("is either fixed, and known to be, or made for one visit", async () => {
    const fixed = new Set(portal.paths.map(({ path }) => path));
    const reached = [...(await pages()).keys()].filter((path) => path.startsWith("/") && !path.endsWith("/nothing"));
    expect(reached.filter((path) => !fixed.has(path) && !MADE.test(path))).toEqual([]);
    // Besides what links lead to: names for hosts of files, and what only the client asks for.
    const unreached = [...fixed].filter((path) => !reached.includes(path));
    expect([...new Set(unreached.map((path) => path.replace(/-\w{16}/, "")))]).toEqual([
      "/404.html",
      "/build/client.js",
      "/build/entry.js",
      "/build/forward.js",
      "/build/later.js",
      "/build/part.js",
      "/build/text.txt",
      "/build/worker.js",
      "/index.html",
      "/keys.json",
    ]);
  });
});
