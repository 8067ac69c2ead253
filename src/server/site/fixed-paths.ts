import { loadStylesheet } from "../../http/index.js";
import type { Context } from "../context.js";
import type { Portal } from "../pages/layout.js";
import { allScripts, scriptsFor } from "./client-build.js";
import { offlinePaths } from "./offline-form.js";

/** A path whose answer is the same for everyone, at all times, so that it can be hashed. */
export interface FixedPath {
  readonly path: string;
  /**
   * Whether a copy elsewhere may have it. What holds a form that a browser can send never may: a letter would go there.
   */
  readonly copied: boolean;
}

export function loadStyles(): Portal["styles"] {
  return {
    all: loadStylesheet("first.css", "style.css"),
    rest: loadStylesheet("style.css"),
    noscript: loadStylesheet("noscript.css"),
  };
}

const PAGES = ["", "404.html", "about", "keys", "replies", "safety"];
/** Pages with a form that the server takes. */
const FORMS = ["encrypted", "replies/plain"];

/** Every fixed path of a portal, sorted. */
export function fixedPaths({ portal, client, recipients, pieces }: Context): readonly FixedPath[] {
  const languages = portal.languages.map(({ language }) => language);
  const named = [...Object.values(portal.styles), ...allScripts(scriptsFor(client, recipients)), ...pieces().all];
  const copied = [
    "/404.html",
    "/icon.svg",
    "/index.html",
    "/keys.asc",
    "/keys.json",
    ...named.map(({ path }) => path),
    ...offlinePaths(portal),
    ...languages.flatMap((language) => PAGES.map((page) => `/${language}/${page}`)),
  ];
  const own = languages.flatMap((language) => FORMS.map((page) => `/${language}/${page}`));
  const all = [
    ...[...new Set(copied)].map((path) => ({ path, copied: true })),
    ...own.map((path) => ({ path, copied: false })),
  ];
  return all.sort((left, right) => (left.path < right.path ? -1 : 1));
}
