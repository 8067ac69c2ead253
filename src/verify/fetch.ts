import { randomInt } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type Asker, decoded } from "../http-client/index.js";
import { quoted } from "./excerpt.js";

/** Over its expected length an answer is taken this much further, and no more. */
const SPARE = 64 * 1024;
/** Asked at one time: through Tor each takes a second or two. */
const AT_ONCE = 4;

/** What came of asking for a path. */
export type Look =
  | {
      readonly kind: "seen";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly contents: Buffer;
      readonly whole: boolean;
    }
  | { readonly kind: "failed"; readonly why: string };

/** Says as little as can be of who asks: what Tor Browser says. */
const AS_TOR_BROWSER = {
  "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "Accept-Encoding": "gzip, deflate, br",
};

/** Headers of a visitor who prefers `language`. */
export function asVisitor(language: string | null): Readonly<Record<string, string>> {
  const preferred = language === null || language === "en" ? "en-US,en;q=0.5" : `${language},en-US;q=0.7,en;q=0.3`;
  return { ...AS_TOR_BROWSER, "Accept-Language": preferred };
}

/** Asks a server that may be hostile. Whatever it does comes to an end, and is said. */
export async function look(asker: Asker, path: string, language: string | null, length: number): Promise<Look> {
  const most = length + SPARE;
  try {
    const answer = await asker.ask(path, asVisitor(language), most);
    const { status, headers, whole } = answer;
    return { kind: "seen", status, headers, whole, contents: await decoded(answer, most) };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const code = "code" in error ? `${String(error.code)}: ` : "";
    return { kind: "failed", why: quoted(`${code}${error.message}`).slice(1, -1) };
  }
}

/** Does `work` with each of `items`, a few at a time, in an order drawn by lot: a server should not know its watchdog by it. */
export async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const next = async (): Promise<void> => {
    for (;;) {
      const [item] = left.length === 0 ? [] : left.splice(randomInt(left.length), 1);
      if (item === undefined) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
