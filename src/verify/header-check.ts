import type { IncomingHttpHeaders } from "node:http";
import { quoted } from "./excerpt.js";
import { CSP } from "./manifest.js";

/** Headers about one response's transfer; they do not change what the page may do. */
const TRANSFER = new Set(
  "age connection content-encoding content-length date keep-alive transfer-encoding vary".split(" "),
);
/** Headers that a proxy may add: the report notes them without counting a difference. */
const TOLERATED = new Set("alt-svc server strict-transport-security via".split(" "));
/** Headers that a static host may add as well. */
const TOLERATED_ON_COPIES = new Set("accept-ranges etag last-modified".split(" "));

/** The headers of a response without those of its transfer, by lower-case name. */
export function meaningfulHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !TRANSFER.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

/**
 * What any host may add to a page that brings its own policy: none of these makes a browser ask or run anything. All
 * others are differences: `link` and `refresh`, for example, lead a browser elsewhere before the page's policy holds.
 */
const TOLERATED_ANYWHERE = new Set([
  ...TOLERATED,
  ...TOLERATED_ON_COPIES,
  ..."access-control-allow-origin cache-control content-language cross-origin-opener-policy expires pragma".split(" "),
  ..."cross-origin-resource-policy permissions-policy referrer-policy server-timing".split(" "),
]);
const HOSTS_OWN = /^(?:cf|x)-(?!dns-prefetch-control$|sourcemap$)/;
/** Another service at the same host; any other would be asked in its place. */
const OWN_SERVICE =
  /^(?:clear|[\w-]+=":\d{1,5}"(?:; ?(?:ma|persist)=\d+)*(?:, ?[\w-]+=":\d{1,5}"(?:; ?(?:ma|persist)=\d+)*)*)$/;
const HTML = /^text\/html(?:; ?charset="?utf-?8"?)?$/i;
const UNFRAMED = /^frame-ancestors '(?:none|self)';?$/;

/** Judges the headers that some static host sends with a page of a copy that sends. */
export function judgeHostHeaders(headers: IncomingHttpHeaders): HeaderFindings {
  const differences: string[] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(meaningfulHeaders(headers))) {
    if (name === "content-type" || name === CSP) continue;
    const harmless = (TOLERATED_ANYWHERE.has(name) || HOSTS_OWN.test(name)) && !leadsAway(name, value);
    (harmless ? notes : differences).push(`header ${name} is added: ${quoted(value)}`);
  }
  const { "content-type": type = "none", [CSP]: policy } = headers;
  if (!HTML.test(type)) differences.push(`header content-type is ${quoted(type)}; expected "text/html; charset=utf-8"`);
  // A second policy can only forbid more, but it can also report what happens on the page.
  if (policy !== undefined && !UNFRAMED.test(String(policy))) {
    differences.push(`header ${CSP} is added: ${quoted(String(policy))}`);
  }
  return { differences, notes };
}

function leadsAway(name: string, value: string): boolean {
  return name === "alt-svc" && !OWN_SERVICE.test(value);
}

export interface HeaderFindings {
  readonly differences: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares headers by exact value. An unexpected header is a difference too, unless it only names a proxy.
 * @param copy whether a static host may answer
 */
export function compareHeaders(
  expected: Readonly<Record<string, string>>,
  headers: IncomingHttpHeaders,
  copy: boolean,
): HeaderFindings {
  const given = meaningfulHeaders(headers);
  const differences: string[] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(expected)) {
    const found = given[name];
    if (found === undefined) differences.push(`header ${name} is missing; expected ${quoted(value)}`);
    else if (found !== value) differences.push(`header ${name} is ${quoted(found)}; expected ${quoted(value)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (name in expected) continue;
    const tolerated = TOLERATED.has(name) || (copy && TOLERATED_ON_COPIES.has(name));
    (tolerated ? notes : differences).push(`header ${name} is added: ${quoted(value)}`);
  }
  return { differences, notes };
}
