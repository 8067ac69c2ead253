import type { Request } from "express";
import type { Texts } from "../../locales/index.js";

/**
 * The texts for an answer: in the language that the path names, else the one that the browser prefers, else the first.
 */
export function textsFor(languages: readonly Texts[], request: Request): Texts {
  const find = (tag: string | false | undefined) => languages.find(({ language }) => language === tag);
  const named = find(/^\/([a-z]{2,3})(?:\/|$)/.exec(request.path)?.[1]);
  const found = named ?? find(request.acceptsLanguages(...languages.map(({ language }) => language))) ?? languages[0];
  if (found === undefined) throw new Error("there is no language to speak");
  return found;
}
