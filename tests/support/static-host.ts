import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Line } from "./line.js";
import { closeNow, listenLocally } from "./loopback.js";

/** A host of static files, as a CDN is: follows `_headers` and `_redirects`, accepts nothing, and does no more. */
export async function staticHost(folder: string): Promise<Line & { readonly refused: string[] }> {
  const rules = new Map<string, Record<string, string>>();
  let last: Record<string, string> = {};
  for (const line of (await readFile(join(folder, "_headers"), "utf8")).split("\n")) {
    const [, name, value] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
    if (name !== undefined) last[name] = value ?? "";
    else {
      last = {};
      rules.set(line, last);
    }
  }
  const refused: string[] = [];
  const server = createServer(async ({ method = "", url = "/" }, response) => {
    const { pathname } = new URL(url, "http://host/");
    const open = async (path: string) => {
      for (const name of [path.endsWith("/") ? `${path}index.html` : path, `${path}.html`]) {
        const contents = await readFile(join(folder, name)).catch(() => null);
        if (contents !== null) return contents;
      }
      return null;
    };
    if (method !== "GET" && method !== "HEAD") {
      refused.push(`${method} ${pathname}`);
      response.writeHead(405).end();
      return;
    }
    const contents = await open(pathname);
    const language = /^\/[a-z]{2}\//.exec(pathname)?.[0] ?? "/";
    const body = contents ?? (await open(`${language}404.html`)) ?? "";
    const headers = { "content-type": "text/html; charset=utf-8", ...rules.get(pathname) };
    response.writeHead(contents === null ? 404 : 200, headers).end(body);
  });
  return {
    url: await listenLocally(server),
    refused,
    close: () => closeNow(server),
  };
}

/** A host of static files in a folder of its address, which follows no settings: any host at all. */
export interface BareHost extends Line {
  /** What is served, by name in the folder. */
  readonly files: Map<string, Uint8Array>;
  /** Headers besides the type, and statuses, of single names. */
  readonly meddled: Map<string, { readonly status?: number; readonly headers: Readonly<Record<string, string>> }>;
  /** All that was asked for. */
  readonly asked: string[];
}

/** @param below the folder, with a slash at both ends; the host's URL ends with it */
export async function bareHost(files: ReadonlyMap<string, Uint8Array>, below: string): Promise<BareHost> {
  const served = new Map(files);
  const meddled: BareHost["meddled"] = new Map();
  const asked: string[] = [];
  const server = createServer(({ method = "", url = "/" }, response) => {
    const { pathname } = new URL(url, "http://host/");
    asked.push(`${method} ${url}`);
    const name = pathname.startsWith(below) ? pathname.slice(below.length) : null;
    const contents = name === null ? undefined : (served.get(name) ?? served.get(name === "" ? "index.html" : name));
    const { status, headers = {} } = meddled.get(name ?? "") ?? {};
    const type = { "content-type": name?.endsWith(".json") ? "application/json" : "text/html; charset=utf-8" };
    response.writeHead(status ?? (contents === undefined ? 404 : 200), { ...type, ...headers }).end(contents ?? "");
  });
  return {
    url: `${await listenLocally(server)}${below}`,
    files: served,
    meddled,
    asked,
    close: () => closeNow(server),
  };
}
