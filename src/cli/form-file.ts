import { readFile } from "node:fs/promises";
import { FormError, type OwnForm, readOwnForm } from "../form/index.js";

/**
 * Reads the operator's questions, each of which must have a text in all `languages`.
 * @throws FormError naming the file and every fault in it
 */
export async function readFormFile(path: string, languages: readonly string[]): Promise<OwnForm> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FormError("invalid_form", `the form ${path} cannot be read`, { cause });
  });
  try {
    return readOwnForm(text, languages);
  } catch (cause) {
    if (!(cause instanceof FormError)) throw cause;
    throw new FormError("invalid_form", `the form ${path} has faults:\n${cause.message}`, { cause });
  }
}
