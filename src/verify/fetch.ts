import { randomInt } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodeBody, type HttpClient } from "../http-client/index.js";
import { browserHeaders, resourceKind } from "./browser-headers.js";
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

/**
 * Fetches a path from a server that may be hostile, as Tor Browser would: time and memory are bounded, and every
 * failure is a result.
 * @param expectedBytes length of the expected contents
 */
export async function fetchBounded(
  client: HttpClient,
  path: string,
  language: string | null,
  expectedBytes: number,
): Promise<FetchResult> {
  const maxBytes = expectedBytes + SPARE_BYTES;
  const { host, protocol } = client.url;
  const sent = browserHeaders({ kind: resourceKind(path), host, secure: protocol === "https:", language });
  try {
    const response = await client.get(path, sent, maxBytes);
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
