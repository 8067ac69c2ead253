import type { Machine } from "./machine.js";
import { fault, ok, orElse, type Verdict } from "./verdict.js";

/** Where Debian's packages keep them. */
const USUAL = ["/etc/nginx/nginx.conf", "/etc/caddy/Caddyfile", "/etc/tor/torrc"];
const NO_LOG = "write access_log off; there, reload nginx, and delete the old logs";
const NO_BUFFER = "write proxy_request_buffering off; beside proxy_pass, and reload nginx";
const MOST_INCLUDED = 200;

/** Whether proxies on this machine keep addresses, times or letters: by their settings, as far as these say. */
export async function checkProxyLogs(machine: Machine, given: readonly string[]): Promise<readonly Verdict[]> {
  const found: Verdict[] = [];
  let looked = 0;
  for (const path of given.length > 0 ? given : USUAL) {
    const text = await machine.read(path);
    if (text === null) {
      if (given.length > 0) found.push(fault(`${path} is not there`, "name the proxy's settings with --proxy-config"));
      continue;
    }
    looked += 1;
    if (/caddyfile/i.test(path)) found.push(...judgeCaddy(path, lines(text)));
    else if (/torrc/i.test(path)) found.push(...judgeTor(path, lines(text)));
    else found.push(...judgeNginx(path, await withIncluded(machine, path, text)));
  }
  if (looked === 0) return [...found, ok("no proxy's settings are on this machine; --proxy-config names others")];
  return orElse(found, "proxies on this machine keep no access log and no letter");
}

function judgeNginx(path: string, statements: readonly string[]): Verdict[] {
  const found: Verdict[] = [];
  const logs = statements.filter((each) => /^access_log\s/.test(each));
  for (const log of logs.filter((each) => !/^access_log\s+off$/.test(each))) {
    found.push(fault(`${path}: ${log}: it keeps who came, and when`, NO_LOG));
  }
  // What is not said is on.
  if (logs.length === 0) found.push(fault(`${path}: an access log is kept unless it is turned off`, NO_LOG));
  if (statements.some((each) => /^proxy_pass\s/.test(each))) {
    const buffering = statements.filter((each) => /^proxy_request_buffering\s/.test(each));
    if (buffering.length === 0 || buffering.some((each) => !/\soff$/.test(each))) {
      found.push(fault(`${path}: large letters are written to the proxy's own disk, in plaintext`, NO_BUFFER));
    }
  }
  return found;
}

/** A log of Caddy's is one of accesses in a site's block, and one of errors, which name addresses, in the global options. */
function judgeCaddy(path: string, statements: readonly string[]): Verdict[] {
  const found: Verdict[] = [];
  let depth = 0;
  let global = false;
  for (const statement of statements) {
    if (depth === 0 && statement === "{") global = true;
    if (/^log(?:\s|$)/.test(statement) && depth > 0 && !global) {
      found.push(
        fault(`${path}: ${statement}: it keeps who came, and when`, "take log out of the site, and reload Caddy"),
      );
    }
    depth += statement.split("{").length - statement.split("}").length;
    if (depth === 0) global = false;
  }
  return found;
}

function judgeTor(path: string, statements: readonly string[]): Verdict[] {
  const loud = statements.filter(
    (each) => /^SafeLogging\s+(?:0|relay)\b/i.test(each) || /^Log\s+(?:debug|info)\b/i.test(each),
  );
  return loud.map((each) =>
    fault(`${path}: ${each}: Tor's log says too much`, "write SafeLogging 1 and Log notice syslog"),
  );
}

/** Statements of nginx in a file and in what it includes. */
async function withIncluded(machine: Machine, path: string, text: string): Promise<string[]> {
  const statements: string[] = [];
  const seen = new Set([path]);
  const waiting = [text];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const statement of lines(next)
      .flatMap((line) => line.split(/[;{}]/))
      .map((each) => each.trim())) {
      if (statement === "") continue;
      statements.push(statement);
      const pattern = /^include\s+(.+)$/.exec(statement)?.[1];
      if (pattern === undefined || seen.size > MOST_INCLUDED) continue;
      for (const file of await machine.match(pattern.startsWith("/") ? pattern : `/etc/nginx/${pattern}`)) {
        const included = seen.has(file) ? null : await machine.read(file);
        seen.add(file);
        if (included !== null) waiting.push(included);
      }
    }
  }
  return statements;
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}
