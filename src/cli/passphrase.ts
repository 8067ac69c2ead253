import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Fault } from "../core/index.js";
import {
  isWeakPassphrase,
  MIN_DIFFERENT_CHARACTERS,
  MIN_PASSPHRASE_CHARACTERS,
  OFFERED_WORDS,
  randomWords,
} from "../shares/index.js";

export class PassphraseError extends Fault<"no_terminal" | "mismatch" | "empty" | "weak"> {}

/** The passphrase of an existing key: from the file if one is named, else typed. @throws PassphraseError */
export async function passphrase(file: string | undefined, prompt: string): Promise<string> {
  return file === undefined ? ask(prompt) : readFirstLine(file);
}

/**
 * A new passphrase: from the file if one is named, else typed twice, or made here and typed once.
 * @throws PassphraseError
 */
export async function newPassphrase(file: string | undefined): Promise<string> {
  if (file !== undefined) return notWeak(await readFirstLine(file));
  const typed = await ask(`new passphrase, or Enter for ${OFFERED_WORDS} random words: `);
  const first = typed === "" ? offerWords() : notWeak(typed);
  const second = await ask("the same again: ");
  if (first !== second) throw new PassphraseError("mismatch", "the two passphrases differ");
  return first;
}

function offerWords(): string {
  const words = randomWords(OFFERED_WORDS).join(" ");
  process.stderr.write(`\n    ${words}\n\nwrite these words on paper now: they are shown only once\n`);
  return words;
}

function notWeak(passphrase: string): string {
  if (!isWeakPassphrase(passphrase)) return passphrase;
  throw new PassphraseError(
    "weak",
    `a passphrase needs at least ${MIN_PASSPHRASE_CHARACTERS} characters, ${MIN_DIFFERENT_CHARACTERS} of them different; random words are best`,
  );
}

async function readFirstLine(path: string): Promise<string> {
  const [line = ""] = textOf(await readFile(path)).split(/\r?\n/);
  if (line === "") throw new PassphraseError("empty", `the first line of ${path} is empty`);
  return line;
}

/** UTF-8, or UTF-16 as PowerShell writes it; without the byte order mark. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** Asks on the terminal without an echo. */
async function ask(prompt: string): Promise<string> {
  if (process.stdin.isTTY !== true) {
    throw new PassphraseError("no_terminal", "there is no terminal to ask for the passphrase; give --passphrase-file");
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Only now does the terminal show nothing of what is typed.
  process.stderr.write(prompt);
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
