import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type * as receiptCode from "../../src/core/receipt-code.js";
import { serveScript } from "../support/browser-script.js";
import { BROWSERS, FIREFOX_SAFER, isInstalled } from "../support/browsers.js";
import { inTurn } from "../support/length.js";

interface ReceiptVectors {
  readonly accepted: readonly { typed: string; code: string; portalSalt: string; mailbox: string; key: string }[];
  readonly rejected: readonly { typed: string; code: string }[];
}

const VECTORS = JSON.parse(
  readFileSync(new URL("../vectors/receipt-codes.json", import.meta.url), "utf8"),
) as ReceiptVectors;

for (const kind of inTurn([...BROWSERS, FIREFOX_SAFER], 1).filter(isInstalled)) {
  describe(`${kind.name}`, () => {
    it("reads receipt codes, and derives from them, as the vectors say", async () => {
      const line = await serveScript("src/core/receipt-code.ts");
      const browser = await kind.launch();
      try {
        const page = await kind.newPage(browser);
        page.setDefaultTimeout(100_000);
        await page.goto(line.url);
        await page.addScriptTag({ url: `${line.url}/script.js` });
        const seen = await page.evaluate(async ({ accepted, rejected }) => {
          const { bundled } = globalThis as unknown as { bundled: typeof receiptCode };
          const derived = await Promise.all(
            accepted.map(async ({ typed, portalSalt }) => {
              const code = bundled.parseReceiptCode(typed);
              const bytes = portalSalt.match(/../g) ?? [];
              const salt = Uint8Array.from(bytes, (pair) => Number.parseInt(pair, 16));
              return { code, ...(await bundled.deriveReplyAddress(code, salt)) };
            }),
          );
          const faults = rejected.map(({ typed }) => {
            try {
              bundled.parseReceiptCode(typed);
              return "none";
            } catch (cause) {
              return (cause as { code: string }).code;
            }
          });
          const made = bundled.createReceiptCode();
          return { derived, faults, made: bundled.parseReceiptCode(bundled.formatReceiptCode(made)) === made };
        }, VECTORS);
        expect(seen.derived).toEqual(VECTORS.accepted.map(({ code, mailbox, key }) => ({ code, mailbox, key })));
        expect(seen.faults).toEqual(VECTORS.rejected.map(({ code }) => code));
        expect(seen.made).toBe(true);
      } finally {
        await browser.close();
        await line.close();
      }
    });
  });
}
