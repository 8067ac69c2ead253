import { createInterface } from "node:readline/promises";

/** One line of standard input, asked for where that is a terminal. */
export async function readLine(prompt: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: process.stdin.isTTY });
  try {
    if (process.stdin.isTTY === true) process.stderr.write(prompt);
    for await (const line of terminal) return line;
    return "";
  } finally {
    terminal.close();
  }
}
