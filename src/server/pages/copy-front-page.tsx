import { hashSource, render } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import { filled } from "./filled.js";
import type { Portal } from "./layout.js";
import { publishedAt } from "./operator-words.js";
import { UNTRANSLATED } from "./private-text.js";

/** The front page of a copy that sends, in a language: a file's name. */
export const copyFrontName = (language: string) => `index-${language}.html`;

export interface CopyFrontPageProps {
  /** Says whether there is an onion service, wherever the page is read. */
  readonly portal: Portal;
  readonly texts: Texts;
}

/**
 * HTML: the front page of a copy of the offline form that sends. It says whose hands the form is in, and leads to the
 * form beside it. It has no script, and needs nothing from its host: whatever folder it is in, and whatever headers.
 */
export function renderCopyFrontPage({ portal, texts }: CopyFrontPageProps): string {
  const style = portal.styles.all.contents.toString();
  const policy = `default-src 'none'; style-src ${hashSource(style)}; form-action 'none'; base-uri 'none'`;
  const form = `${texts.language}.html`;
  const page = render(
    <html lang={texts.language} dir={texts.direction} {...UNTRANSLATED}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="google" content="notranslate" />
        <title>{texts.say("copy-sends-title")}</title>
        <style>{STYLE}</style>
      </head>
      <body>
        {portal.demonstration && <p class="demonstration">{texts.say("demonstration")}</p>}
        <header>
          {portal.organisation !== null && <p class="organisation">{portal.organisation}</p>}
          <nav aria-label={texts.say("language-switch")}>
            <ul>
              {portal.languages.map(({ language, name }) => (
                <li>
                  <a
                    href={copyFrontName(language)}
                    lang={language}
                    hreflang={language}
                    {...(language === texts.language ? { "aria-current": "true" as const } : {})}
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </header>
        <main id="main">
          <h1>{texts.say("copy-sends-title")}</h1>
          <p>{texts.say("copy-sends-lead")}</p>
          <noscript>
            <p class="alert">{texts.say("copy-sends-noscript")}</p>
          </noscript>
          <h2>{texts.say("copy-sends-safer")}</h2>
          <SaferWays portal={portal} texts={texts} />
          <p>
            <a class="button" href={form}>
              {texts.say("copy-sends-open")}
            </a>
          </p>
          {(portal.ways?.mailboxKey ?? null) !== null && <p class="note">{texts.say("copy-sends-replies")}</p>}
        </main>
      </body>
    </html>,
  );
  return filled(page, { [STYLE]: style });
}

/** What whoever keeps a copy could do, and what to do instead. Names us only where the page does. */
export function SaferWays({ portal, texts }: CopyFrontPageProps) {
  const published = publishedAt(portal, texts);
  return (
    <>
      <p>{texts.say("copy-sends-host")}</p>
      <ul>
        <li>{texts.say("copy-sends-site")}</li>
        {portal.onion !== null && (
          <li>
            {texts.say("copy-sends-onion")} <a href={`http://${portal.onion}/${texts.language}/`}>{portal.onion}</a>
          </li>
        )}
        {published !== null && <li>{published}</li>}
        <li>{texts.say("copy-sends-file")}</li>
      </ul>
      <p>{texts.say("copy-sends-else")}</p>
    </>
  );
}

const STYLE = "@style@";
