import { Fault } from "../core/index.js";
import { EXIT_CODE } from "./exit-code.js";

/** Codes of errors in what the operator typed or set, rather than in what the command found. */
const USAGE = new Set(["invalid_configuration", "invalid_form", "invalid_usage"]);

/** Prints an error that a command threw, and returns the exit code. */
export function reportError(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Fault)) {
    process.stderr.write(`postern: ${message}\n`);
    return EXIT_CODE.failed;
  }
  process.stderr.write(`postern: ${message.replaceAll("\n", "\npostern: ")}\n`);
  return USAGE.has(String(error.code)) ? EXIT_CODE.usage : EXIT_CODE.failed;
}
