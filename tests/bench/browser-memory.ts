// Memory of the browser and of the server, and how long the page's thread is busy, while the client sends one document.
// npx tsx tests/bench/browser-memory.ts [MiB …, default "100 500 1024"]
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "puppeteer-core";
import { BROWSERS } from "../support/browsers.js";
import { postern, servePortal } from "../support/command.js";
import { FormPageDriver } from "../support/form-page.js";
import { memoryOf, tree } from "./process-memory.js";

const MIB = 1024 * 1024;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 500, 1024];

console.log("browser        MiB   seconds   browser peak MiB   server peak MiB   longest task ms");
for (const kind of BROWSERS) {
  for (const size of sizes) {
    const folder = await mkdtemp(join(tmpdir(), "postern-bench-"));
    await writeFile(join(folder, "passphrase"), "correct horse battery\n");
    await postern(["keys", "new", "--name", "Staff", "--passphrase-file", "passphrase"], { cwd: folder });
    const server = await servePortal({ cwd: folder });
    const browser = await kind.launch();
    try {
      const page = await kind.newPage(browser);
      const form = new FormPageDriver(page, folder);
      await form.visit(server.url);
      const file = await open(join(folder, "видео.mp4"), "w");
      await file.truncate(size * MIB);
      await file.close();
      await (await page.$("input[type=file]"))?.uploadFile(join(folder, "видео.mp4"));
      await page.evaluate(() => {
        const kept = Object.assign(globalThis, { longest: 0 });
        if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
          }).observe({ type: "longtask" });
          return;
        }
        // Elsewhere how late a timer comes is the most that the thread was busy.
        let last = performance.now();
        setInterval(() => {
          const now = performance.now();
          const late = now - last - 10;
          last = now;
          kept.longest = Math.max(kept.longest, late);
        }, 10);
      });
      const root = browser.process()?.pid ?? 0;
      const before = await memoryOf(tree(root));
      const begun = performance.now();
      await form.press("#send");
      // Whoever watches a browser is told of all that it sends, which costs time and memory of its own.
      const browserWSEndpoint = browser.wsEndpoint();
      await browser.disconnect();
      let most = 0;
      while ((await readdir(join(folder, "data/submissions"))).length === 0) {
        most = Math.max(most, await memoryOf(tree(root)));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const seconds = (performance.now() - begun) / 1000;
      const protocol = kind.name === "Chromium" ? "cdp" : "webDriverBiDi";
      const watched = await connect({ browserWSEndpoint, protocol });
      const pages = await watched.pages();
      const longest = await pages
        .find((candidate) => candidate.url().startsWith(server.url))
        ?.evaluate(() => (globalThis as unknown as { longest: number }).longest);
      const status = await readFile(`/proc/${server.process.pid}/status`, "utf8");
      const serverPeak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      const cells = [
        kind.name.padEnd(11),
        String(size).padStart(6),
        seconds.toFixed(1).padStart(9),
        `+${(most - before).toFixed(0)}`.padStart(18),
        serverPeak.toFixed(0).padStart(17),
        (longest ?? Number.NaN).toFixed(0).padStart(17),
      ];
      console.log(cells.join(" "));
    } finally {
      browser.process()?.kill();
      await server.kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    }
  }
}
