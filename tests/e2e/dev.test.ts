import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, connect, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { headersOf } from "../../src/server/index.js";
import { BROWSERS, isInstalled, poll } from "../support/browsers.js";
import { removeFolder } from "../support/temporary.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LISTEN = { POSTERN_LISTEN: "127.0.0.1:0" };
const BUILT = join(ROOT, "public/build");
const [kind] = BROWSERS.filter(({ name }) => name === "Chromium");

describe.runIf(kind !== undefined && isInstalled(kind))("npm run dev", () => {
  let folder: string;
  let dev: ChildProcess;
  let said = "";
  let browser: Browser;
  let page: Page;
  let address: string;

  const place = (path: string) => join(folder, "project", path);
  const line = (pattern: RegExp) => poll(String(pattern), async () => pattern.exec(said)?.[1]);
  const change = async (path: string, from: string, to: string) => {
    const before = await readFile(place(path), "utf8");
    expect(before).toContain(from);
    await writeFile(place(path), before.replace(from, to));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "postern-dev-test-"));
    await mkdir(join(folder, "tmp"));
    for (const path of ["src", "public", "scripts", "package.json", "tsconfig.json"]) {
      await cp(join(ROOT, path), place(path), { recursive: true, filter: (source) => source !== BUILT });
    }
    await symlink(join(ROOT, "node_modules"), place("node_modules"));
    dev = spawn(process.execPath, ["scripts/dev.mjs", "--browser", "chromium", "--headless"], {
      cwd: place(""),
      env: { PATH: process.env.PATH ?? "", TMPDIR: join(folder, "tmp"), HOME: join(folder, "home"), ...LISTEN },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [dev.stdout, dev.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    address = await line(/^portal +(\S+)$/m);
    browser = await connect({ browserWSEndpoint: await line(/^browser +(ws:\S+)$/m) });
    await line(/^(change anything)/m);
    page = await poll("the page", async () => (await browser.pages()).find((each) => each.url().startsWith(address)));
  });
  afterAll(async () => {
    if (dev.exitCode === null) dev.kill("SIGKILL");
    await removeFolder(folder);
  });

  it.each([
    ["the server", "src/server/pages/layout.tsx", "<html ", '<html data-shown="server" '],
    ["the client", "src/client/main.ts", "\n", '\ndocument.documentElement.dataset.shown = "client";\n'],
  ])("shows a change of %s in the browser", async (what, path, from, to) => {
    await change(path, from, to);
    await poll("the change", () => page.$(`[data-shown="${what.replace("the ", "")}"]`));
  });

  it("shows a change of the words, and of the stylesheet", async () => {
    const { pathname } = new URL(page.url());
    const words = (await page.$eval("h1", (title) => title.textContent)) ?? "";
    await change(`src/locales${pathname.slice(0, -1)}.ftl`, `form-title = ${words}`, "form-title = Changed words");
    await poll("the words", async () =>
      (await page.$eval("h1", (title) => title.textContent)) === "Changed words" ? true : null,
    );
    await appendFile(place("public/style.css"), "\nbody { cursor: crosshair; }\n");
    await poll("the look", async () =>
      (await page.evaluate(() => getComputedStyle(document.body).cursor)) === "crosshair" ? true : null,
    );
  });

  it("leaves the page as it was where a change cannot be built, says so, and goes on", async () => {
    await appendFile(place("src/server/health.ts"), "\nconst = ;\n");
    expect(await line(/^FAILED +(.*health\.ts: [\s\S]*)$/m)).toContain("health.ts");
    expect((await fetch(`${address}healthz`)).status).toBe(200);
    await change("src/server/health.ts", "const = ;", "");
    await line(/^shown +(src\/server\/health\.ts)/m);
  });

  it("serves the headers of the product", async () => {
    const { headers } = await fetch(`${address}ru/`);
    for (const [name, value] of Object.entries(headersOf("client"))) expect(headers.get(name), name).toBe(value);
  });

  it("leaves nothing behind when it is interrupted, and the build of the project as it was", async () => {
    expect((await readdir(join(folder, "tmp"))).length).toBeGreaterThan(0);
    await browser.disconnect();
    const closed = once(dev, "close");
    dev.kill("SIGINT");
    await closed;
    expect(await readdir(join(folder, "tmp"))).toEqual([]);
    expect(await readdir(place("public"))).not.toContain("build");
    expect(await readdir(place(""))).not.toContain("dist");
    await expect(fetch(address)).rejects.toThrow();
  });
});
