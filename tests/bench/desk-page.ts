// Memory and time of a browser in which desk.html opens one large submission, and then saves its document.
// npx tsx tests/bench/desk-page.ts [MiB …, "100 500" unless told]
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ElementHandle, Page } from "puppeteer-core";
import { createSubmission } from "../../src/core/index.js";
import { createKeyPair } from "../../src/desk/index.js";
import { encryptMessage } from "../../src/openpgp/index.js";
import { BROWSERS, poll } from "../support/browsers.js";
import { recipientOf } from "../support/keys.js";
import { memoryOf, tree } from "./process-memory.js";

const MIB = 1024 * 1024;
const DESK = new URL("../../dist/desk.html", import.meta.url);
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 500];

console.log("browser      profile    MiB   opened s   peak MiB   saved s   peak MiB");
for (const size of sizes) {
  for (const profile of ["gnupg", "rfc9580"] as const) {
    const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
    try {
      const pair = await createKeyPair({ profile, userId: { name: "x" }, passphrase: "", lifetime: 1e6 });
      await writeFile(join(folder, "secret.asc"), pair.secretKey);
      const document = join(folder, "видео.mp4");
      const file = await open(document, "w");
      await file.truncate(size * MIB);
      await file.close();
      const { stream } = createSubmission({
        caseId: "1".repeat(32),
        form: { id: "default", version: 1 },
        language: "ru",
        answers: {},
        letter: "Письмо\n",
        documents: [
          {
            name: "видео.mp4",
            type: "",
            size: size * MIB,
            open: () => Readable.toWeb(createReadStream(document)) as ReadableStream<Uint8Array>,
          },
        ],
        encryptedBy: "browser",
      });
      const message = await encryptMessage(stream, [await recipientOf(pair)], new Date());
      await pipeline(Readable.fromWeb(message as never), createWriteStream(join(folder, "one.tar.gpg")));
      for (const kind of BROWSERS) {
        const downloads = join(folder, `downloads-${kind.tool}`);
        await mkdir(downloads);
        const browser = await kind.launch(downloads);
        try {
          const page = await kind.newPage(browser);
          await page.goto(DESK.href);
          await choose(page, "#keys", join(folder, "secret.asc"));
          await page.click("#unlock");
          await poll("the key", () => page.$("#unlocked"));
          const root = browser.process()?.pid ?? 0;
          const idle = await memoryOf(tree(root));
          let most = 0;
          const watch = setInterval(async () => {
            most = Math.max(most, await memoryOf(tree(root)));
          }, 250);
          let begun = performance.now();
          await choose(page, "#files", join(folder, "one.tar.gpg"));
          await poll("the case", () => page.$("details.case"), 600_000);
          const opened = (performance.now() - begun) / 1000;
          const openedPeak = most - idle;
          most = 0;
          begun = performance.now();
          await page.click("details.case summary");
          await poll("the document", () => page.$("details.case li button"));
          await page.click("details.case li button");
          await poll(
            "the file",
            async () => {
              const names = await readdir(downloads);
              return names.length === 1 && names[0] === "01-видео.mp4" ? true : null;
            },
            600_000,
          );
          const saved = (performance.now() - begun) / 1000;
          clearInterval(watch);
          const cells = [
            kind.name.padEnd(11),
            profile.padEnd(8),
            String(size).padStart(5),
            opened.toFixed(1).padStart(10),
            `+${openedPeak.toFixed(0)}`.padStart(10),
            saved.toFixed(1).padStart(9),
            `+${(most - idle).toFixed(0)}`.padStart(10),
          ];
          console.log(cells.join(" "));
        } finally {
          await browser.close();
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function choose(page: Page, selector: string, path: string): Promise<void> {
  await ((await page.$(selector)) as ElementHandle<HTMLInputElement>).uploadFile(path);
}
