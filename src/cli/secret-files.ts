import { readFileSync } from "node:fs";
import { Fault } from "../core/index.js";

export class SecretFileError extends Fault<"unreadable" | "twice"> {}

/** Settings that hold a password, or an address that is as good as one. Each may be in a file instead: `NAME_FILE`. */
const SECRETS = ["POSTERN_NOTIFY_SMTP", "POSTERN_NOTIFY_WEBHOOK"] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with what is in files in its place: other programs can list the one, and not read the other.
 * @throws SecretFileError
 */
export function withSecretFiles(environment: Environment): Environment {
  const given: Record<string, string | undefined> = { ...environment };
  for (const name of SECRETS) {
    const path = given[`${name}_FILE`] ?? "";
    delete given[`${name}_FILE`];
    if (path === "") continue;
    if ((given[name] ?? "") !== "") throw new SecretFileError("twice", `${name} and ${name}_FILE: set one of them`);
    given[name] = read(`${name}_FILE`, path);
  }
  return given;
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    throw new SecretFileError("unreadable", `${name}: cannot read ${path}`, { cause });
  }
}
