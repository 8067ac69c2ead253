import { readFile } from "node:fs/promises";
import { z } from "zod";
import { ConfigError } from "./config.js";

const MAX_CHARACTERS = 1_000;

/**
 * Reads what the operator says about the people behind the site: a JSON object with a text for each of `languages`.
 * @throws ConfigError naming the file
 */
export async function readAboutFile(
  path: string,
  languages: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const text = z.string().trim().min(1).max(MAX_CHARACTERS);
  const schema = z.strictObject(Object.fromEntries(languages.map((language) => [language, text])));
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const expected = `expected { ${languages.map((each) => `"${each}": "…"`).join(", ")} }`;
    const message = `POSTERN_ABOUT: ${path}: ${expected}, each of at most ${MAX_CHARACTERS} characters`;
    throw new ConfigError("invalid_configuration", message, { cause });
  }
}
