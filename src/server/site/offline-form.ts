import type { Express } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { isOnion } from "../http/index.js";
import { copyFrontName, renderCopyFrontPage } from "../pages/copy-front-page.js";

/** Where the forms are to be saved from; a copy that sends is a folder with all that is below. */
const FOLDER = "/offline/";

/**
 * `GET /offline/{lang}.html`: the whole form as one file to keep. It is only ever saved, never shown from here. Where
 * it sends, the front pages of copies that send are beside it, so that what covers the portal's pages covers theirs.
 */
export function publishOfflineForm(app: Express, { config, portal, pieces, published }: Context): void {
  for (const texts of portal.languages) {
    const current = published.derive(() => staticAnswer("text/html", pieces().of(texts).offlineForm));
    app.get(`${FOLDER}${texts.language}.html`, (request, response, next) => {
      response.attachment(`form-${texts.language}.html`);
      current()(request, response, next);
    });
    if (portal.ways === null) continue;
    const frontWith = (onion: string | null) =>
      staticAnswer("text/html", renderCopyFrontPage({ portal: { ...portal, onion }, texts }));
    // As of all pages: those of the onion service do not lead to it.
    const [there, clear] = [frontWith(null), frontWith(config.onion)];
    for (const name of copyFrontNames(portal, texts.language)) {
      app.get(`${FOLDER}${name}`, (request, response, next) => {
        response.attachment(name);
        (isOnion(request) ? there : clear)(request, response, next);
      });
    }
  }
}

/** Paths of what a form that is to be kept, and a copy of it that sends, consist of. */
export function offlinePaths(portal: Context["portal"]): readonly string[] {
  const names = portal.languages.flatMap(({ language }) => [
    `${language}.html`,
    ...(portal.ways === null ? [] : copyFrontNames(portal, language)),
  ]);
  return names.map((name) => FOLDER + name);
}

/** The first language also under the name that hosts of static files ask for. */
function copyFrontNames({ languages }: Context["portal"], language: string): readonly string[] {
  return [copyFrontName(language), ...(languages[0]?.language === language ? ["index.html"] : [])];
}
