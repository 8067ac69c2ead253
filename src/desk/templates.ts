import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MAX_TEMPLATE_CHARS, TEMPLATE_LANGUAGES, TemplateError, type TemplateLanguage } from "../cases/index.js";
import { Fault } from "../core/index.js";
import { nullIfMissing } from "../files/index.js";

/** `no_template`: there is none of that name in the language of the letter. */
export class TemplateFileError extends Fault<"no_template"> {}

/** Folder of the templates, beside the cases: `NAME.ru.txt`, `NAME.uk.txt`, `NAME.en.txt`. */
export const TEMPLATES_FOLDER = "templates";
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const FILE = new RegExp(`^(.+)\\.(?:${TEMPLATE_LANGUAGES.join("|")})\\.txt$`);

/** Names of the templates beside the cases of `root`, sorted. */
export async function listTemplates(root: string): Promise<readonly string[]> {
  const names = (await readdir(join(root, TEMPLATES_FOLDER)).catch(nullIfMissing)) ?? [];
  return [...new Set(names.flatMap((name) => FILE.exec(name)?.[1] ?? []))].filter((name) => NAME.test(name)).sort();
}

export function templateLanguage(language: string): TemplateLanguage | null {
  return TEMPLATE_LANGUAGES.find((each) => each === language) ?? null;
}

/**
 * Reads the template `name` in the language of a case.
 * @param root folder of the cases
 * @throws TemplateFileError, or TemplateError if it is not UTF-8 or too large
 */
export async function readTemplate(root: string, name: string, language: TemplateLanguage): Promise<string> {
  if (!NAME.test(name)) {
    throw new TemplateFileError("no_template", "a template's name has small Latin letters, digits and hyphens");
  }
  const path = join(root, TEMPLATES_FOLDER, `${name}.${language}.txt`);
  const about = await lstat(path).catch((cause: unknown) => {
    throw new TemplateFileError("no_template", `there is no template ${path}`, { cause });
  });
  if (!about.isFile() || about.size > 4 * MAX_TEMPLATE_CHARS) {
    throw new TemplateError("not_a_template", `${path} is no file, or too large`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)).replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new TemplateError("not_a_template", `${path} is not text in UTF-8`, { cause });
  }
}
