import { Fault } from "../core/index.js";

/** Replaces every character that could control the terminal: file names and messages may come from an attacker. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** One line: the file, what went wrong with it, and the code of a Fault. */
export function failureLine(file: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return `${printable(file)}: ${cause instanceof Fault ? `${message} (${cause.code})` : message}\n`;
}
