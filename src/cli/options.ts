import { InvalidArgumentError, Option } from "commander";

export { RELAY_CLIENTS, RELAY_LISTEN } from "./relay-options.js";

export const PASSPHRASE_FILE = [
  "--passphrase-file <file>",
  "read the passphrase from the first line of this file",
] as const;

/** `--passphrase-file` of a command that opens several keys. */
export const passphraseFiles = () =>
  new Option(
    "--passphrase-file <file>",
    "try the first line of this file as a passphrase on every key; may be repeated",
  ).argParser(append);

export const SOCKS = "--socks <host:port>";

/** `--key`, which may be given several times. */
export const secretKeys = (description: string) =>
  new Option("--key <file>", `${description}; may be repeated`).argParser(append);

/** The name in a certificate. */
export const certificateName = () =>
  new Option("--name <name>", "name in the certificate, which is public").makeOptionMandatory().argParser(nonEmpty);

/** The lifetime of a key. */
export const expires = () => new Option("--expires <lifetime>", "such as 2y, 18m or 90d").default("2y");

/** Collects the values of an option that may be repeated. */
export function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export const concurrency = wholeNumber(1, 256);

/** Takes whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`it must be from ${least} to ${most}`);
  };
}

/** Minutes as milliseconds. */
export function minutes(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 1440)) throw new InvalidArgumentError("it must be above 0, and 1440 at most");
  return number * 60_000;
}

function nonEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("it must not be empty");
  return text.trim();
}
