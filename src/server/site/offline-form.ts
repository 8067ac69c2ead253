import type { Express } from "express";
import type { Form } from "../../form/index.js";
import { staticAnswer } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Portal } from "../pages/layout.js";
import { renderOfflinePage } from "../pages/offline-page.js";
import type { Recipients } from "../recipients.js";
import type { ClientScript } from "./client-build.js";

export interface OfflineFormParts {
  readonly portal: Portal;
  /** The questions in a language. */
  readonly formIn: (texts: Texts) => Form;
  readonly script: ClientScript;
  readonly worker: ClientScript;
  readonly recipients: Recipients;
  readonly portalSalt: Uint8Array;
}

/** `GET /offline/{lang}.html`: the whole form as one file to keep. It is only ever saved, never shown from here. */
export function publishOfflineForm(app: Express, parts: OfflineFormParts): void {
  const { portal, formIn, recipients, portalSalt } = parts;
  const style = portal.styles.all.contents.toString();
  const keys = recipients.all.map(({ certificate }) => certificate.armor()).join("\n");
  const fingerprints = recipients.all.map(({ fingerprint }) => fingerprint);
  const client = parts.script.contents.toString();
  const worker = parts.worker.contents.toString();
  for (const texts of portal.languages) {
    const page = renderOfflinePage({
      portal,
      texts,
      form: formIn(texts),
      fingerprints,
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
