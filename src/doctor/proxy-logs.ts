import { type CheckResult, fault, ok, orOk, warning } from "./check.js";
import type { Machine } from "./machine.js";
import { type ProxySettings, readProxySettings } from "./proxy-settings.js";

const NO_LOG = "set access_log off; there, reload nginx, and delete the old logs";
const NO_BUFFER = "set proxy_request_buffering off; beside proxy_pass, and reload nginx";
const NO_ANSWERS = "set proxy_buffering off; beside proxy_pass, without proxy_ignore_headers, and reload nginx";
const NO_ERRORS = "set error_log /var/log/nginx/error.log emerg; reload nginx, and delete the old logs";
/** Levels at which nginx names no visitor. */
const SILENT = /^error_log\s+(?:\/dev\/null\b|\S+\s+(?:emerg|alert)$)/;

/**
 * Checks in their settings that the proxies on this machine keep no addresses, times or letters.
 * @param paths settings files; none means those of Debian's packages
 */
export async function checkProxyLogs(machine: Machine, paths: readonly string[]): Promise<readonly CheckResult[]> {
  const found: CheckResult[] = [];
  const proxies = await readProxySettings(machine, paths);
  for (const path of paths.filter((each) => proxies.every((proxy) => proxy.path !== each))) {
    found.push(fault(`${path} does not exist`, "name the proxy's settings with --proxy-config"));
  }
  for (const { kind, path, statements } of proxies) found.push(...CHECKS[kind](path, statements));
  if (proxies.length === 0)
    return [...found, ok("no proxy settings found on this machine; --proxy-config names others")];
  return orOk(found, "the proxies on this machine keep no access log and no letter");
}

function checkNginx(path: string, statements: readonly string[]): CheckResult[] {
  const found: CheckResult[] = [];
  const logs = statements.filter((each) => /^access_log\s/.test(each));
  for (const log of logs.filter((each) => !/^access_log\s+off$/.test(each))) {
    found.push(fault(`${path}: ${log}: it records visitors and times`, NO_LOG));
  }
  // nginx logs by default.
  if (logs.length === 0) found.push(fault(`${path}: nginx keeps an access log unless it is turned off`, NO_LOG));
  const errors = statements.filter((each) => /^error_log\s/.test(each));
  const naming = errors.length === 0 ? ["nginx logs errors unless told otherwise"] : errors.filter(notSilent);
  for (const each of naming) found.push(fault(`${path}: ${each}: errors name visitors and times`, NO_ERRORS));
  if (statements.some((each) => /^proxy_pass\s/.test(each))) {
    found.push(...checkAnswers(path, statements));
    const buffering = statements.filter((each) => /^proxy_request_buffering\s/.test(each));
    if (buffering.length === 0 || buffering.some((each) => !/\soff$/.test(each))) {
      found.push(fault(`${path}: nginx buffers large letters on its disk in plaintext`, NO_BUFFER));
    }
  }
  return found;
}

const notSilent = (statement: string) => !SILENT.test(statement);

/** The portal forbids nginx to buffer an answer; nginx may be told not to listen. */
function checkAnswers(path: string, statements: readonly string[]): CheckResult[] {
  const buffering = statements.filter((each) => /^proxy_buffering\s/.test(each));
  if (buffering.length > 0 && buffering.every((each) => /\soff$/.test(each))) return [];
  if (statements.some((each) => /^proxy_ignore_headers\s.*\bX-Accel-Buffering\b/i.test(each))) {
    return [fault(`${path}: nginx writes answers, and so replies, to its disk in plaintext`, NO_ANSWERS)];
  }
  return [warning(`${path}: only the portal's own header keeps nginx from writing answers to its disk`, NO_ANSWERS)];
}

/** In a site's block `log` is the access log; in the global options it is the error log, which names addresses. */
function checkCaddy(path: string, statements: readonly string[]): CheckResult[] {
  const found: CheckResult[] = [];
  let depth = 0;
  let global = false;
  for (const statement of statements) {
    if (depth === 0 && statement === "{") global = true;
    if (/^log(?:\s|$)/.test(statement) && depth > 0 && !global) {
      const fix = "remove log from the site, and reload Caddy";
      found.push(fault(`${path}: ${statement}: it records visitors and times`, fix));
    }
    depth += statement.split("{").length - statement.split("}").length;
    if (depth === 0) global = false;
  }
  return found;
}

function checkTor(path: string, statements: readonly string[]): CheckResult[] {
  const verbose = statements.filter(
    (each) => /^SafeLogging\s+(?:0|relay)\b/i.test(each) || /^Log\s+(?:debug|info)\b/i.test(each),
  );
  const files = statements.filter((each) => /^Log\s.*\bfile\s/i.test(each) && !/\sfile\s+\/dev\/null$/i.test(each));
  return [
    ...verbose.map((each) =>
      fault(`${path}: ${each}: Tor logs addresses or too much detail`, "set SafeLogging 1 and Log notice syslog"),
    ),
    ...files.map((each) =>
      warning(`${path}: ${each}: Tor's log stays on the disk`, "set Log notice syslog, and delete the old logs"),
    ),
  ];
}

const CHECKS: Readonly<Record<ProxySettings["kind"], (path: string, statements: readonly string[]) => CheckResult[]>> =
  {
    nginx: checkNginx,
    caddy: checkCaddy,
    tor: checkTor,
  };
