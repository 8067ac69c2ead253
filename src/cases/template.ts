import { Fault } from "../core/index.js";

/**
 * `unknown_field`: braces around something that is no field. `no_name`: the letter names nobody, or in a way that a
 * program must not copy. `not_a_template`: it is empty, too long, or holds a control character.
 */
export class TemplateError extends Fault<"unknown_field" | "no_name" | "not_a_template"> {}

export const TEMPLATE_LANGUAGES = ["ru", "uk", "en"] as const;
export type TemplateLanguage = (typeof TEMPLATE_LANGUAGES)[number];

/** What stands in a template's fields. */
export interface TemplateValues {
  /** The prisoner's name, as the submitter typed it. */
  readonly name: string;
  /** The eight digits in the name of the case's folder. */
  readonly number: string;
  /** The day of the answer. */
  readonly date: Date;
  readonly language: TemplateLanguage;
}

/** Far more than a template needs, and far less than a reply may hold. */
export const MAX_TEMPLATE_CHARS = 20_000;
const MAX_NAME_CHARS = 100;
/** Words of letters, with the marks that names have. Nothing in them is an address, a number or a line. */
const NAME = /^\p{L}(?:\p{L}|\p{M}(?!\p{M}{2})|[ .'’ʼ-])*$/u;
const FIELD = /\{([^{}\n]{0,40})\}/g;
const LOCALES: Readonly<Record<TemplateLanguage, string>> = { ru: "ru-RU", uk: "uk-UA", en: "en-GB" };

/**
 * The text of a template with its fields `{name}`, `{number}` and `{date}` filled in.
 * @throws TemplateError
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  if (template.trim() === "" || template.length > MAX_TEMPLATE_CHARS || hasControl(template)) {
    throw new TemplateError("not_a_template", "the template is empty, too long or not plain text");
  }
  if (/[{}]/.test(template.replace(FIELD, ""))) {
    throw new TemplateError("unknown_field", "the template has a brace that belongs to no field");
  }
  const fill: Readonly<Record<string, () => string>> = {
    name: () => nameIn(values.name),
    number: () => values.number,
    date: () => dayIn(values.language, values.date),
  };
  // At once: what a name holds is filled in nowhere.
  return template.replace(FIELD, (_whole, field: string) => {
    const value = Object.hasOwn(fill, field) ? fill[field] : undefined;
    if (value !== undefined) return value();
    throw new TemplateError("unknown_field", `the template has a field that is not known: {${field}}`);
  });
}

function nameIn(typed: string): string {
  const name = typed
    .slice(0, 10 * MAX_NAME_CHARS)
    .replace(/\s+/gu, " ")
    .trim()
    .normalize("NFC");
  if (name === "") throw new TemplateError("no_name", "the letter names nobody: answer it with a text of its own");
  if (name.length > MAX_NAME_CHARS || !NAME.test(name)) {
    throw new TemplateError("no_name", "the name is not made of words alone: answer it with a text of its own");
  }
  return name;
}

function dayIn(language: TemplateLanguage, date: Date): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "long", timeZone: "UTC" });
  return format.format(date).replaceAll("\u00a0", " ");
}

function hasControl(text: string): boolean {
  return /[^\P{C}\n\t]/u.test(text);
}
