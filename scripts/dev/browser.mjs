// The browser that `npm run dev` reloads: by the browser's own debugging protocol, so that no page and no header is
// made weaker.
import { existsSync } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";
import { launch } from "puppeteer-core";

const KNOWN = ["chromium", "chromium-browser", "google-chrome", "firefox-esr", "firefox"];

/** The path of a browser: of the one asked for by name or path, or of the first that is installed; null for none. */
export function findBrowser(wanted) {
  if (wanted === "none") return null;
  if (wanted === undefined && process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return null;
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const places = (wanted === undefined ? KNOWN : [wanted]).flatMap((name) =>
    isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name)),
  );
  const found = places.find((path) => existsSync(path)) ?? null;
  if (found === null && wanted !== undefined) throw new Error(`there is no browser ${wanted}`);
  return found;
}

/** Opens `address` in a fresh profile. */
export async function openBrowser(executablePath, address, headless) {
  const firefox = /firefox/.test(basename(executablePath).toLowerCase());
  const browser = await launch({
    browser: firefox ? "firefox" : "chrome",
    executablePath,
    headless,
    defaultViewport: null,
    args: firefox || process.getuid?.() !== 0 ? [] : ["--no-sandbox"],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const [page = await browser.newPage()] = await browser.pages();
  await page.goto(address);
  return {
    endpoint: browser.wsEndpoint(),
    /** Resolves when every page of the portal shows what it serves now. */
    reload: async () => {
      if (!browser.connected) return;
      const pages = (await browser.pages()).filter((each) => each.url().startsWith(address));
      await Promise.all(pages.map((each) => each.reload()));
    },
    close: () => browser.close(),
  };
}
