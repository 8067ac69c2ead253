// How fast `postern open` and desk.html work through many submissions, and how fast the latter then searches.
// npx tsx tests/bench/open.ts [2000]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ElementHandle } from "puppeteer-core";
import { createKeyPair } from "../../src/desk/index.js";
import { BROWSERS, poll } from "../support/browsers.js";
import { makeSubmissions } from "../support/cases.js";
import { recipientOf } from "../support/keys.js";
import { saySearches, searchTimes } from "./desk-times.js";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const count = Number(process.argv[2] ?? 2_000);

const cwd = await mkdtemp(join(tmpdir(), "postern-bench-"));
try {
  const pair = await createKeyPair({ profile: "gnupg", userId: { name: "x" }, passphrase: "", lifetime: 1e6 });
  const recipient = await recipientOf(pair);
  await writeFile(join(cwd, "key.asc"), pair.secretKey);
  await mkdir(join(cwd, "inbox"));
  await makeSubmissions(join(cwd, "inbox"), count, recipient);
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, "open", "inbox", "--key", "key.asc", "--no-notices"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
  }, 200);
  await once(child, "close");
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${count} submissions: ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second, peak ${peak.toFixed(0)} MiB`,
  );
  const files = (await readdir(join(cwd, "inbox"))).map((name) => join(cwd, "inbox", name));
  for (const kind of BROWSERS) {
    const browser = await kind.launch();
    const page = await kind.newPage(browser);
    await page.goto(new URL("../../dist/desk.html", import.meta.url).href);
    await ((await page.$("#keys")) as ElementHandle<HTMLInputElement>).uploadFile(join(cwd, "key.asc"));
    await page.click("#unlock");
    await poll("the key", () => page.$("#unlocked"));
    const chosen = performance.now();
    await ((await page.$("#files")) as ElementHandle<HTMLInputElement>).uploadFile(...files);
    await poll("the cases", () => page.$("#search"), 300_000);
    const opened = (performance.now() - chosen) / 1000;
    console.log(`desk.html in ${kind.name}: opened in ${opened.toFixed(1)} s; ${saySearches(await searchTimes(page))}`);
    await browser.close();
  }
} finally {
  await rm(cwd, { recursive: true, force: true });
}
