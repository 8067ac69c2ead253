import type { Express } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";

/** `GET /offline/{lang}.html`: the whole form as one file to keep. It is only ever saved, never shown from here. */
export function publishOfflineForm(app: Express, { portal, pieces, published }: Context): void {
  for (const texts of portal.languages) {
    const current = published.derive(() => staticAnswer("text/html", pieces().of(texts).offlineForm));
    app.get(`/offline/${texts.language}.html`, (request, response, next) => {
      response.attachment(`form-${texts.language}.html`);
      current()(request, response, next);
    });
  }
}
