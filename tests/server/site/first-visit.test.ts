import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compressSmall } from "../../../src/http/encoding.js";
import { loadClientBuild } from "../../../src/server/site/client-build.js";
import { startTestPortal, type TestPortal } from "../../support/portal.js";

/**
 * Compressed bytes of a first visit at commit 933cbb4: before thumbnails, drafts, letters saved as files, and an exit
 * that wipes at once. All of these together may cost 3 KiB.
 */
const BEFORE = { ru: 79_911, uk: 80_140, en: 78_600 };
const MORE_BYTES = 3 * 1024;
/** A part of the stylesheet stands in the page, apart from the rest: docs/decisions/042-first-style-in-the-page.md. */
const IN_TWO_BYTES = 192;
/** The worker encrypts ahead while a piece is on its way. */
const AHEAD_BYTES = 64;

let portal: TestPortal;
beforeAll(async () => {
  portal = await startTestPortal();
});
afterAll(() => portal.stop());

/** As it comes to a browser that takes brotli. */
function compressedBytes(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${portal.url}${path}`, { headers: { "accept-encoding": "br" } }, (answer) => {
      let bytes = 0;
      answer.on("data", ({ length }: Buffer) => {
        bytes += length;
      });
      answer.on("end", () => (answer.statusCode === 200 ? resolve(bytes) : reject(new Error(`no ${path}`))));
    })
      .on("error", reject)
      .end();
  });
}

/**
 * Bytes of a page as it comes with brotli. Fingerprints, salt and digests of this portal's new keys have others in
 * their place, the same in each run: by them alone a page is up to 40 bytes longer or shorter.
 */
async function compressedPageBytes(page: string): Promise<number> {
  let place = 0;
  const steady = page.replaceAll(/[0-9A-F]{40}|[0-9a-f]{32,64}/g, (hex) => {
    const other = createHash("sha256").update(`${place++}`).digest("hex").slice(0, hex.length);
    return hex === hex.toUpperCase() ? other.toUpperCase() : other;
  });
  return (await compressSmall(Buffer.from(steady), "br")).length;
}

/** What the page loads before somebody does something, where connections may be long. */
function loadedAtFirst(page: string): readonly string[] {
  const style = /href="(\/style-[^"]*)"/.exec(page)?.[1] ?? "";
  const words = /wordsWhole&quot;:&quot;([0-9a-f]{16})/.exec(page)?.[1];
  const { main, worker, longClient } = loadClientBuild().usual;
  expect(page).toContain(main.path);
  const scripts = [main, worker, ...longClient].map(({ path }) => path);
  return [style, "/icon.svg", ...scripts, `/build/text-${words}.txt`];
}

describe("a first visit", () => {
  it.each(Object.entries(BEFORE))("in %s costs at most 3 KiB for all that was added to the form", async (...tried) => {
    const [language, before] = tried;
    const page = await (await fetch(`${portal.url}/${language}/`)).text();
    const paths = loadedAtFirst(page);
    const bytes = await Promise.all([compressedPageBytes(page), ...paths.map(compressedBytes)]);
    const each = [`/${language}/`, ...paths].map((path, index) => `${path} ${bytes[index]}`).join(", ");
    expect(
      bytes.reduce((sum, some) => sum + some, 0),
      each,
    ).toBeLessThanOrEqual(before + MORE_BYTES + IN_TWO_BYTES + AHEAD_BYTES);
  });
});
