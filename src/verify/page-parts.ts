import type { IncomingHttpHeaders } from "node:http";
import { readCertificates } from "../openpgp/index.js";

const TAG = /^<[a-z]/i;
const SCRIPT = /^<script\b/i;
const SCRIPT_END = /<\/script\s{0,100}>/gi;
/** The bounds keep matching linear on a hostile page full of spaces. */
const HANDLER = /[\s/"']on[a-z]{1,40}\s{0,100}=|=\s{0,100}["']?\s{0,100}javascript:/i;
const TOKEN = /[0-9a-f]{32}/g;
const ZERO_TOKEN = "0".repeat(32);

/** The page with its random token replaced by zeros. Pages without JavaScript hold a new token for each visit. */
export function withoutTokens(bytes: Uint8Array): Buffer {
  return Buffer.from(Buffer.from(bytes).toString("latin1").replace(TOKEN, ZERO_TOKEN), "latin1");
}

/** The headers with random tokens replaced by zeros: Onion-Location repeats the address. */
export function headersWithoutTokens(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const replaced = (value: string) => value.replace(TOKEN, ZERO_TOKEN);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(replaced) : replaced(value ?? ""),
    ]),
  );
}

/** The first token of a page, or null. */
export function tokenOf(bytes: Uint8Array): string | null {
  return Buffer.from(bytes).toString("latin1").match(TOKEN)?.[0] ?? null;
}

/**
 * Everything that runs on a page: whole script elements, then tags with an event handler or a `javascript:` address.
 * Scans in linear time, on a hostile page too.
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

/** The fingerprints in a text, written together or in groups of four. */
export function fingerprintsIn(text: string): ReadonlySet<string> {
  const found = text.match(/\b(?:[0-9A-F]{4} ?){10}\b|\b(?:[0-9A-F]{4} ?){16}\b/g) ?? [];
  return new Set(found.map((each) => each.replaceAll(" ", "")).filter(({ length }) => length === 40 || length === 64));
}

/**
 * Fingerprints of all keys of the certificates in `armored`, including subkeys.
 * @throws RecipientError if they cannot be read
 */
export async function keysIn(armored: string): Promise<ReadonlySet<string>> {
  const certificates = await readCertificates(armored);
  return new Set(certificates.flatMap(({ fingerprints }) => fingerprints));
}

/** The items of `found` that `known` lacks, counting repetitions. */
export function surplus(found: Iterable<string>, known: Iterable<string>): readonly string[] {
  const left = [...known];
  return [...found].filter((each) => {
    const at = left.indexOf(each);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
