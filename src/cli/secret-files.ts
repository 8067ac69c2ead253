import { readFileSync } from "node:fs";
import { Fault } from "../core/index.js";
import type { SettingName } from "./settings.js";

export class SecretFileError extends Fault<"unreadable" | "twice"> {}

/** Settings that hold a password or a secret address. `NAME_FILE` names a file that holds the value instead. */
export const SECRET_SETTINGS = [
  "POSTERN_MAIL_SMTP",
  "POSTERN_NOTIFY_SMTP",
  "POSTERN_NOTIFY_WEBHOOK",
  "POSTERN_RECEIPT_KEY",
  "POSTERN_MAILBOX_KEY",
  "POSTERN_RELAY_SECRETS",
] as const satisfies readonly SettingName[];

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces each `NAME_FILE` by NAME with the file's contents: other programs can list an environment, but not read
 * the file.
 * @throws SecretFileError
 */
export function withSecretFiles(environment: Environment): Environment {
  const given: Record<string, string | undefined> = { ...environment };
  for (const name of SECRET_SETTINGS) {
    const path = given[`${name}_FILE`] ?? "";
    delete given[`${name}_FILE`];
    if (path === "") continue;
    if ((given[name] ?? "") !== "") throw new SecretFileError("twice", `${name} and ${name}_FILE: set one of them`);
    given[name] = read(`${name}_FILE`, path);
  }
  return given;
}

/** The files that `environment` names in place of secrets. */
export function secretFilesIn(environment: Environment): readonly string[] {
  return SECRET_SETTINGS.map((name) => environment[`${name}_FILE`] ?? "").filter((path) => path !== "");
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new SecretFileError("unreadable", `${name}: cannot read ${path}`, { cause });
  }
}
