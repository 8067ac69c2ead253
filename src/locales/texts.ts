import { readdirSync, readFileSync } from "node:fs";
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

/** All messages in one language. */
export interface Texts {
  /** BCP 47 tag: the file's name without `.ftl`. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** The language's own name for itself. */
  readonly name: string;
  /**
   * Formats a message.
   * @throws Error for an unknown message or a missing argument: a half-translated page is a defect
   */
  readonly say: (id: string, args?: Record<string, FluentVariable>) => string;
}

/** Russian first: most submitters read it, and it is the fallback. */
const PREFERRED = ["ru", "uk", "en"];

/** The folder of what staff read. */
export const STAFF_LOCALES = new URL("./staff/", import.meta.url);

/**
 * Loads every language with a file in `folder`, in the order of the language switch.
 * @throws Error that names the file if it is not valid Fluent
 */
export function loadTexts(folder: URL = new URL("./", import.meta.url)): ReadonlyMap<string, Texts> {
  const languages = readdirSync(folder)
    .filter((file) => file.endsWith(".ftl"))
    .map((file) => file.slice(0, -".ftl".length))
    .sort((left, right) => rank(left) - rank(right) || left.localeCompare(right));
  return new Map(languages.map((language) => [language, parse(language, new URL(`${language}.ftl`, folder))]));
}

function rank(language: string): number {
  const position = PREFERRED.indexOf(language);
  return position === -1 ? PREFERRED.length : position;
}

function parse(language: string, file: URL): Texts {
  // Screen readers and the clipboard pick up isolation marks, and arguments are only numbers and sizes.
  const bundle = new FluentBundle(language, { useIsolating: false });
  const [fault] = bundle.addResource(new FluentResource(readFileSync(file, "utf8")));
  if (fault !== undefined) throw new Error(`${language}.ftl: ${fault.message}`, { cause: fault });
  const say: Texts["say"] = (id, args = {}) => {
    const pattern = bundle.getMessage(id)?.value;
    if (pattern === undefined || pattern === null) throw new Error(`${language}.ftl has no message ${id}`);
    return bundle.formatPattern(pattern, args);
  };
  return {
    language,
    direction: say("direction") === "rtl" ? "rtl" : "ltr",
    name: say("language-name"),
    say,
  };
}
