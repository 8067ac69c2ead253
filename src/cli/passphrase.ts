import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Fault } from "../core/index.js";

export class PassphraseError extends Fault<"no_terminal" | "mismatch" | "empty"> {}

/** The first line of the file at `path`. */
export async function passphraseFromFile(path: string): Promise<string> {
  const [line = ""] = (await readFile(path, "utf8")).split(/\r?\n/);
  if (line === "") throw new PassphraseError("empty", `the first line of ${path} is empty`);
  return line;
}

/** Asks on the terminal without showing what is typed. */
export async function askPassphrase(prompt: string): Promise<string> {
  if (process.stdin.isTTY !== true) {
    throw new PassphraseError("no_terminal", "there is no terminal to ask for the passphrase; give --passphrase-file");
  }
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

/** Asks twice, for a passphrase that is to be set. */
export async function askNewPassphrase(): Promise<string> {
  const first = await askPassphrase("new passphrase: ");
  if (first === "") throw new PassphraseError("empty", "an empty passphrase would leave the secret key unprotected");
  const second = await askPassphrase("the same again: ");
  if (first !== second) throw new PassphraseError("mismatch", "the two passphrases are not the same");
  return first;
}
