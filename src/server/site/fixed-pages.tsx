import type { Express, NextFunction, Request, Response } from "express";
import type { JSX } from "preact";
import { followUpForm } from "../../form/index.js";
import { render, staticAnswer } from "../../http/index.js";
import type { Context } from "../context.js";
import { isOnion, type Role, securityHeaders } from "../http/index.js";
import { FrontPage } from "../pages/form-page.js";
import { KeysPage } from "../pages/keys-page.js";
import type { Portal } from "../pages/layout.js";
import { aboutUs, answerTimes, publishedAt } from "../pages/operator-words.js";
import { ProsePage } from "../pages/prose-page.js";
import { RepliesFrontPage } from "../pages/replies-page.js";
import { scriptsFor } from "./client-build.js";

/** Sections of the pages to be read, and how many sentences each has. */
const SAFETY = { device: 6, network: 5, law: 3, narrow: 4, stored: 4, hidden: 4, after: 3 };
/** What stands on a copy of the portal in place of all that only the portal can do. */
const COPY = { what: 3 };
const ABOUT = { who: 3, stored: 4, never: 3, encrypted: 3 };

/**
 * The pages that are the same for everyone at all times, so that they can be hashed: one text for each address of ours.
 */
export function publishFixedPages(app: Express, context: Context): void {
  const { config, formIn, recipients, portalSalt, published } = context;
  const { onion } = config;
  const scripts = scriptsFor(context.client, recipients);
  for (const texts of context.portal.languages) {
    const publishAt = (role: Role, paths: string[], page: (portal: Portal) => JSX.Element) => {
      const answers = published.derive(() => ({
        there: staticAnswer("text/html", render(page(context.portal))),
        clear: staticAnswer("text/html", render(page({ ...context.portal, onion }))),
      }));
      app.get(paths, securityHeaders(role), (request: Request, response: Response, next: NextFunction) => {
        const { there, clear } = answers();
        (isOnion(request) ? there : clear)(request, response, next);
      });
    };
    const publish = (role: Role, path: string, page: (portal: Portal) => JSX.Element) =>
      publishAt(role, [`/${texts.language}/${path}`], page);
    const form = formIn(texts);
    const more = followUpForm(form, texts.say("form-enough"));
    const encrypting = () => {
      const { fingerprints } = published.current;
      return { texts, form, scripts, pieces: context.pieces().of(texts).named, fingerprints, portalSalt };
    };
    // The first language also under the names that hosts of static files ask for.
    const first = texts === context.portal.languages[0];
    const root = `/${texts.language}/`;
    publishAt("client", first ? [root, "/index.html"] : [root], (portal) => (
      <FrontPage portal={portal} {...encrypting()} />
    ));
    publishAt("framed", first ? [`${root}404.html`, "/404.html"] : [`${root}404.html`], (portal) => (
      <ProsePage portal={portal} texts={texts} id="copy" sections={COPY}>
        <p>
          <a class="button quiet" href={`/offline/${texts.language}.html`} download="" target="_top">
            {texts.say("client-offline")}
          </a>
        </p>
      </ProsePage>
    ));
    publish("client", "replies", (portal) => <RepliesFrontPage portal={portal} {...encrypting()} form={more} />);
    publish("alone", "safety", (portal) => (
      <ProsePage portal={portal} texts={texts} id="safety" sections={SAFETY} lead={[texts.say("truth-page")]}>
        <p>
          <a class="button quiet" href={`/offline/${texts.language}.html`} download="" target="_top">
            {texts.say("client-offline")}
          </a>
        </p>
        <p>{texts.say("impostors")}</p>
      </ProsePage>
    ));
    publish("alone", "about", (portal) => (
      <ProsePage
        portal={portal}
        texts={texts}
        id="about"
        sections={ABOUT}
        lead={[aboutUs(portal, texts), publishedAt(portal, texts)]}
      >
        <p>
          {answerTimes(portal, texts)} {texts.say("impostors")}
        </p>
      </ProsePage>
    ));
    publish("alone", "keys", (portal) => <KeysPage portal={portal} texts={texts} recipients={recipients.all} />);
  }
}
