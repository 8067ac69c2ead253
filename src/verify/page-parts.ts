import type { IncomingHttpHeaders } from "node:http";
import { readCertificates } from "../openpgp/index.js";

const TAG = /^<[a-z]/i;
const SCRIPT = /^<script\b/i;
const SCRIPT_END = /<\/script\s{0,100}>/gi;
/** Bounded: a hostile page may have any number of spaces anywhere. */
const HANDLER = /[\s/"']on[a-z]{1,40}\s{0,100}=|=\s{0,100}["']?\s{0,100}javascript:/i;
const TOKEN = /[0-9a-f]{32}/g;

/** Pages without JavaScript hold a number that is drawn for each visit; here all are alike. */
export function withoutTokens(bytes: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(bytes).toString("latin1").replace(TOKEN, "0".repeat(32)), "latin1");
}

/** The same for headers, one of which repeats the address. */
export function headersWithoutTokens(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const alike = (value: string) => value.replace(TOKEN, "0".repeat(32));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(alike) : alike(value ?? ""),
    ]),
  );
}

/** The first such number of a page, or null. */
export function tokenOf(bytes: Uint8Array): string | null {
  return Buffer.from(bytes).toString("latin1").match(TOKEN)?.[0] ?? null;
}

/**
 * Everything on a page that runs: script elements, whole, and tags with an event's handler or a `javascript:` address. Each
 * byte is looked at once, so that a page of nothing but beginnings takes no longer than any other.
 */
export function runningParts(page: string): readonly string[] {
  const scripts: string[] = [];
  const handlers: string[] = [];
  for (let at = page.indexOf("<"); at !== -1; ) {
    const head = page.slice(at, at + "<script ".length);
    if (!TAG.test(head)) {
      at = page.indexOf("<", at + 1);
      continue;
    }
    let end = page.indexOf(">", at) + 1;
    if (end === 0) break;
    if (SCRIPT.test(head)) {
      SCRIPT_END.lastIndex = end;
      end = SCRIPT_END.exec(page) === null ? page.length : SCRIPT_END.lastIndex;
      scripts.push(page.slice(at, end));
    } else if (HANDLER.test(page.slice(at, end))) handlers.push(page.slice(at, end));
    at = page.indexOf("<", end);
  }
  return [...scripts, ...handlers];
}

/** Fingerprints that a text names, in one piece or in groups of four. */
export function fingerprintsIn(text: string): ReadonlySet<string> {
  const found = text.match(/\b(?:[0-9A-F]{4} ?){10}\b|\b(?:[0-9A-F]{4} ?){16}\b/g) ?? [];
  return new Set(found.map((each) => each.replaceAll(" ", "")).filter(({ length }) => length === 40 || length === 64));
}

/**
 * Fingerprints of all keys of the certificates in `armored`, subkeys among them.
 * @throws RecipientError if they cannot be read
 */
export async function keysIn(armored: string): Promise<ReadonlySet<string>> {
  const certificates = await readCertificates(armored);
  return new Set(
    certificates.flatMap((certificate) =>
      [certificate, ...certificate.getSubkeys()].map((key) => key.getFingerprint().toUpperCase()),
    ),
  );
}

/** What of `found` is not in `known`, as often as it is there too often. */
export function beyond(found: Iterable<string>, known: Iterable<string>): readonly string[] {
  const left = [...known];
  return [...found].filter((each) => {
    const at = left.indexOf(each);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
