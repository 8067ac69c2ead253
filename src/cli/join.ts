import { readFile } from "node:fs/promises";
import { createInterface, type Interface } from "node:readline/promises";
import { Fault } from "../core/index.js";
import { joinShares, readShare, SHARE_WORDS, type Share, ShareError, secretLine, wordsIn } from "../shares/index.js";
import { writeAllOrNone } from "./write-files.js";

export class JoinKeyError extends Fault<"unreadable" | "no_share"> {}

export interface JoinOptions {
  /** New file for the passphrase; standard output unless given. */
  readonly out?: string;
}

/** Files longer than that are no shares. */
const MAX_SHARE_FILE_LENGTH = 200_000;

/**
 * `postern keys join`: the passphrase that shares give. Reads them from files of text or the pages that `keys split`
 * wrote; without files it asks for one after the other, and says at once which word of one is wrong.
 * @throws JoinKeyError, ShareError, JoinError or WriteError
 */
export async function joinKey(files: readonly string[], { out }: JoinOptions): Promise<void> {
  process.umask(0o077);
  const shares = files.length > 0 ? await readAll(files) : await ask();
  const line = `${secretLine(await joinShares(shares))}\n`;
  if (out === undefined) process.stdout.write(line);
  else await writeAllOrNone([{ path: out, contents: line, mode: 0o600 }]);
}

async function readAll(files: readonly string[]): Promise<Share[]> {
  const shares: Share[] = [];
  for (const file of files) {
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new JoinKeyError("unreadable", `${file} cannot be read`, { cause });
    });
    try {
      shares.push(readShare(shareIn(text.slice(0, MAX_SHARE_FILE_LENGTH))));
    } catch (cause) {
      if (!(cause instanceof ShareError)) throw cause;
      throw new ShareError(cause.code, `${file}: ${cause.message}`, cause.word);
    }
  }
  return shares;
}

/** The words of a page that `keys split` wrote, or the whole text. */
function shareIn(text: string): string {
  return /<pre id="words">([^<]*)<\/pre>/.exec(text)?.[1] ?? text;
}

/** Asks for shares on the terminal, or reads them from standard input, one after the other. */
async function ask(): Promise<Share[]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  const lines = terminal[Symbol.asyncIterator]();
  const shares: Share[] = [];
  try {
    while (shares.length < (shares[0]?.need ?? 1)) {
      prompt(terminal, `share ${shares.length + 1}${shares[0] === undefined ? "" : ` of ${shares[0].need}`}: `);
      const share = await askForOne(lines);
      if (share !== null) shares.push(share);
    }
  } finally {
    terminal.close();
  }
  return shares;
}

/** Null if a word of it is wrong: it has been said, and the share is asked for again. */
async function askForOne(lines: AsyncIterator<string>): Promise<Share | null> {
  let typed = "";
  do {
    const { value, done } = await lines.next();
    if (done === true) {
      if (typed !== "") return readShare(typed);
      throw new JoinKeyError("no_share", "the shares end here, and more are needed");
    }
    typed += ` ${value}`;
  } while (wordsIn(typed).length < SHARE_WORDS && process.stdin.isTTY === true);
  try {
    return readShare(typed);
  } catch (cause) {
    if (!(cause instanceof ShareError) || process.stdin.isTTY !== true) throw cause;
    process.stderr.write(`${cause.message}; type this share again\n`);
    return null;
  }
}

function prompt(terminal: Interface, text: string): void {
  if (process.stdin.isTTY !== true) return;
  terminal.setPrompt(text);
  terminal.prompt();
}
