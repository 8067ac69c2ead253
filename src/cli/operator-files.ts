import type { OwnForm } from "../form/index.js";
import { readAboutFile } from "./about-file.js";
import type { Config } from "./config.js";
import { readFormFile } from "./form-file.js";

/** What the operator has written for the pages; null for what there is none of. */
export interface OperatorFiles {
  readonly form: OwnForm | null;
  readonly about: Readonly<Record<string, string>> | null;
}

/**
 * Reads the files that the configuration names, each in all `languages`.
 * @throws FormError or ConfigError
 */
export async function readOperatorFiles(
  { form, aboutFile }: Pick<Config, "form" | "aboutFile">,
  languages: readonly string[],
): Promise<OperatorFiles> {
  return {
    form: form === null ? null : await readFormFile(form, languages),
    about: aboutFile === null ? null : await readAboutFile(aboutFile, languages),
  };
}
