import type { Express } from "express";
import { staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { renderOfflinePage } from "../pages/offline-page.js";
import { scriptsFor } from "./client-build.js";

/** `GET /offline/{lang}.html`: the whole form as one file to keep. It is only ever saved, never shown from here. */
export function publishOfflineForm(app: Express, context: Context): void {
  const { portal, formIn, recipients, portalSalt, client: build } = context;
  const style = portal.styles.all.contents.toString();
  const keys = recipients.all.map(({ certificate }) => certificate.armor()).join("\n");
  const client = build.offline.contents.toString();
  const worker = scriptsFor(build, recipients).worker.contents.toString();
  for (const texts of portal.languages) {
    const page = renderOfflinePage({
      portal,
      texts,
      form: formIn(texts),
      recipients,
      portalSalt,
      keys,
      style,
      client,
      worker,
    });
    const answer = staticAnswer("text/html", page);
    app.get(`/offline/${texts.language}.html`, (request, response, next) => {
      response.attachment(`form-${texts.language}.html`);
      answer(request, response, next);
    });
  }
}
