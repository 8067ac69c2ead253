import { randomInt } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodeBody, type HttpClient } from "../http-client/index.js";
import { quoted } from "./excerpt.js";

/** Bytes to read beyond the expected length, so that the report can show what follows. */
const SPARE_BYTES = 64 * 1024;
/** Through Tor each request takes a second or two. */
const MAX_CONCURRENT = 4;

export type FetchResult =
  | {
      readonly kind: "response";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** Decompressed. */
      readonly contents: Buffer;
      /** False if the body was longer than the limit. */
      readonly complete: boolean;
    }
  | { readonly kind: "failed"; readonly why: string };

/** The same headers as Tor Browser, so that the portal cannot tell the watchdog by them. */
const TOR_BROWSER = {
  "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Encoding": "gzip, deflate, br",
};

/** Headers of a browser set to `language`; null means English. */
export function browserHeaders(language: string | null): Readonly<Record<string, string>> {
  const preferred = language === null || language === "en" ? "en-US,en;q=0.5" : `${language},en-US;q=0.7,en;q=0.3`;
  return { ...TOR_BROWSER, "Accept-Language": preferred };
}

/**
 * Fetches a path from a server that may be hostile: time and memory are bounded, and every failure is a result.
 * @param expectedBytes length of the expected contents
 */
export async function fetchBounded(
  client: HttpClient,
  path: string,
  language: string | null,
  expectedBytes: number,
): Promise<FetchResult> {
  const maxBytes = expectedBytes + SPARE_BYTES;
  try {
    const response = await client.get(path, browserHeaders(language), maxBytes);
    const { status, headers, complete } = response;
    return { kind: "response", status, headers, complete, contents: await decodeBody(response, maxBytes) };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const code = "code" in error ? `${String(error.code)}: ` : "";
    return { kind: "failed", why: quoted(`${code}${error.message}`).slice(1, -1) };
  }
}

/** Runs `work` for each item, a few at a time, in random order: a fixed order would give the watchdog away. */
export async function forEachShuffled<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const next = async (): Promise<void> => {
    for (;;) {
      const [item] = left.length === 0 ? [] : left.splice(randomInt(left.length), 1);
      if (item === undefined) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENT }, next));
}
