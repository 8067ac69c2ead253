import type { IncomingHttpHeaders } from "node:http";
import { quoted } from "./excerpt.js";

/** What HTTP itself or a proxy says of one answer: nothing about what the page may do. */
const PASSING = new Set(
  "age connection content-encoding content-length date keep-alive transfer-encoding vary".split(" "),
);
/** What a proxy may say of itself: told, and no difference. */
const TOLD = new Set("alt-svc server strict-transport-security via".split(" "));
/** What a host of static files says besides. */
const TOLD_OF_COPIES = new Set("accept-ranges etag last-modified".split(" "));

/** The headers of an answer that mean something, by name in lower case. */
export function meaningful(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !PASSING.has(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

export interface HeaderFindings {
  readonly differences: readonly string[];
  readonly notes: readonly string[];
}

/** Compares headers; any that are not expected are a difference as well, unless they only name a proxy. */
export function compareHeaders(
  expected: Readonly<Record<string, string>>,
  headers: IncomingHttpHeaders,
  copy: boolean,
): HeaderFindings {
  const given = meaningful(headers);
  const differences: string[] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(expected)) {
    const found = given[name];
    if (found === undefined) differences.push(`header ${name} is missing; expected ${quoted(value)}`);
    else if (found !== value) differences.push(`header ${name} is ${quoted(found)}; expected ${quoted(value)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (name in expected) continue;
    const told = TOLD.has(name) || (copy && TOLD_OF_COPIES.has(name));
    (told ? notes : differences).push(`header ${name} is added: ${quoted(value)}`);
  }
  return { differences, notes };
}
