import type { IncomingHttpHeaders } from "node:http";
import { quoted } from "./excerpt.js";

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
