import { once } from "node:events";
import { appendFile, open } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "puppeteer-core";

const NO_CACHE = { "Cache-Control": "no-store" };

/** What the desk is measured against: a page that holds the newest rows as they are, all letters, and a log. */
export interface StaticDesk {
  readonly url: string;
  readonly stop: () => void;
}

/** @param folder for the log @param rows a page of cases that has its first rows */
export async function startStaticDesk(folder: string, rows: Page, letters: readonly string[]): Promise<StaticDesk> {
  const [style, list] = await rows.evaluate(() => [
    document.querySelector("style")?.textContent ?? "",
    document.querySelector("#results")?.outerHTML ?? "",
  ]);
  const page = `<!doctype html><meta charset="utf-8"><title>x</title><style>${style}</style><body class="pickup"><main>${list}</main>`;
  const path = join(folder, "lines.jsonl");
  const server = createServer(async (request, response) => {
    if (request.method === "GET") {
      const isLetters = request.url === "/letters";
      response.writeHead(200, { "Content-Type": isLetters ? "application/json" : "text/html", ...NO_CACHE });
      response.end(isLetters ? JSON.stringify(letters) : page);
      return;
    }
    for await (const part of request) await appendFile(path, part as Buffer);
    const file = await open(path, "r");
    await file.sync();
    await file.close();
    response.writeHead(200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** How long one line takes from the page to the disk; ms. */
export function lineTimes(page: Page, count: number): Promise<number[]> {
  return page.evaluate(async (lines) => {
    const found: number[] = [];
    for (let at = 0; at < lines; at += 1) {
      const started = performance.now();
      await fetch("/", { method: "POST", body: `{"line":${at}}\n` });
      found.push(performance.now() - started);
    }
    return found;
  }, count);
}

/** A browser's clock may tell no less. */
const LEAST_MS = 50;

/** How long JavaScript takes to look for words in the letters, and for nothing else; ms for one search. */
export function plainSearchTime(page: Page, sought: readonly string[]): Promise<number> {
  return page.evaluate(
    async (searches, leastMs) => {
      const letters = (await (await fetch("/letters")).json()) as readonly string[];
      const low = letters.map((text) => text.toLowerCase());
      const started = performance.now();
      let [done, most] = [0, 0];
      while (performance.now() - started < leastMs) {
        for (const words of searches) {
          const all = words.toLowerCase().split(" ");
          most = Math.max(most, low.filter((text) => all.every((word) => text.includes(word))).length);
          done += 1;
        }
      }
      if (most !== low.length) throw new Error("one of the searches finds everything");
      return (performance.now() - started) / done;
    },
    sought,
    LEAST_MS,
  );
}
