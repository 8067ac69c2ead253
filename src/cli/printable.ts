import { Fault } from "../core/index.js";

/** A file's name may come from anywhere: nothing in it may steer the terminal. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/** One line on what went wrong with a file, with the code if the error was thrown on purpose. */
export function failureLine(file: string, error: Error): string {
  return `${printable(file)}: ${error instanceof Fault ? `${error.message} (${error.code})` : error.message}\n`;
}
