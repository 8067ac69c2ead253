import { join } from "node:path";
import type { Machine } from "./machine.js";

/** Where Debian's packages keep them. */
const DEFAULT_PATHS = ["/etc/nginx/nginx.conf", "/etc/caddy/Caddyfile", "/etc/tor/torrc"];
/** A folder for each further Tor of this machine. */
const TOR_INSTANCES = "/etc/tor/instances";

/** The settings of one proxy, without comments and with what they include. */
export interface ProxySettings {
  readonly kind: "nginx" | "caddy" | "tor";
  readonly path: string;
  readonly statements: readonly string[];
}

/**
 * The settings of the proxies on a machine.
 * @param paths settings files; none means those of Debian's packages
 */
export async function readProxySettings(machine: Machine, paths: readonly string[]): Promise<ProxySettings[]> {
  const instances = (await machine.list(TOR_INSTANCES)).map((name) => join(TOR_INSTANCES, name, "torrc"));
  const found: ProxySettings[] = [];
  for (const path of paths.length > 0 ? paths : [...DEFAULT_PATHS, ...instances]) {
    const text = await machine.read(path);
    if (text === null) continue;
    const kind = /caddyfile/i.test(path) ? "caddy" : /torrc/i.test(path) ? "tor" : "nginx";
    const statements = kind === "nginx" ? await nginxStatements(machine, path, text) : settingLines(text);
    found.push({ kind, path, statements });
  }
  return found;
}

/** Stops a loop of generated includes. */
const MAX_INCLUDED_FILES = 200;

/** The lines of a settings file, without comments. */
export function settingLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** nginx's statements in a file and in all files it includes. */
async function nginxStatements(machine: Machine, path: string, text: string): Promise<string[]> {
  const statements: string[] = [];
  const seen = new Set([path]);
  const waiting = [text];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const statement of settingLines(next)
      .flatMap((line) => line.split(/[;{}]/))
      .map((each) => each.trim())) {
      if (statement === "") continue;
      statements.push(statement);
      const pattern = /^include\s+(.+)$/.exec(statement)?.[1];
      if (pattern === undefined || seen.size > MAX_INCLUDED_FILES) continue;
      for (const file of await machine.match(pattern.startsWith("/") ? pattern : `/etc/nginx/${pattern}`)) {
        const included = seen.has(file) ? null : await machine.read(file);
        seen.add(file);
        if (included !== null) waiting.push(included);
      }
    }
  }
  return statements;
}
