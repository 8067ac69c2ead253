import type { ComponentChildren } from "preact";
import { FIRST_STYLE, type Stylesheet } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Ways } from "../config.js";
import { UNTRANSLATED } from "./private-text.js";

/** What every page needs to know about the portal it belongs to. */
export interface Portal {
  readonly languages: readonly Texts[];
  readonly organisation: string | null;
  readonly demonstration: boolean;
  /** Host name of the onion service, where there is one and the page is not read there. */
  readonly onion: string | null;
  /** Days within which staff usually answer, and that answers are kept; null where the operator has not said. */
  readonly answerDays: number | null;
  readonly retentionDays: number | null;
  /** Days that drafts are kept; null where none are taken. */
  readonly draftDays: number | null;
  /** Where else the site's address is published. */
  readonly addresses: string | null;
  /** Who the people behind the site are, by language. */
  readonly about: Readonly<Record<string, string>> | null;
  readonly maxSubmission: number;
  readonly maxFiles: number;
  /** How the offline form may send; null where it only makes files. */
  readonly ways: Ways | null;
  /** The pages' stylesheets: in one, what the client's pages do not hold themselves, and without JavaScript. */
  readonly styles: Readonly<Record<"all" | "rest" | "noscript", Stylesheet>>;
}

export interface LayoutProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly title: string;
  readonly head?: ComponentChildren;
  readonly bodyClass?: string;
  /** The client's first script, where the client runs on this page. */
  readonly client?: ComponentChildren;
  /** Stands beside the main contents, at the end of the page. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/**
 * A page with the portal's head and language switch. Links leave any frame: a page in a frame has nothing around it.
 */
export function Layout({ portal, texts, title, head, bodyClass, client, aside, children }: LayoutProps) {
  return (
    <Document
      portal={portal}
      texts={texts}
      title={title}
      head={head}
      {...(bodyClass === undefined ? {} : { bodyClass })}
      client={client}
    >
      {portal.demonstration && <p class="demonstration">{texts.say("demonstration")}</p>}
      <aside class="leave" aria-label={texts.say("exit")}>
        <a class="exit" href={`/${texts.language}/leave`} target="_top" rel="noreferrer">
          {texts.say("exit")}
        </a>
      </aside>
      <header>
        {portal.organisation !== null && <p class="organisation">{portal.organisation}</p>}
        <nav aria-label={texts.say("language-switch")}>
          <ul>
            {portal.languages.map((language) => (
              <li>
                <a
                  href={`/${language.language}/`}
                  lang={language.language}
                  hreflang={language.language}
                  target="_top"
                  {...(language.language === texts.language ? { "aria-current": "true" as const } : {})}
                >
                  {language.name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main">{children}</main>
      <Footer portal={portal} texts={texts} scripts={client !== undefined} />
      {aside}
    </Document>
  );
}

const PAGES = ["", "replies", "safety", "about", "keys"];

function Footer({ portal, texts, scripts }: Pick<LayoutProps, "portal" | "texts"> & { readonly scripts: boolean }) {
  return (
    <footer>
      <nav aria-label={texts.say("footer-pages")}>
        <ul>
          {PAGES.map((page) => (
            <li>
              <a href={`/${texts.language}/${page}`} target="_top">
                {texts.say(`footer-${page === "" ? "form" : page}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="note">
        {texts.say("exit-note")} {scripts && <span class="by-keyboard">{texts.say("exit-escape")}</span>}
      </p>
      {portal.onion !== null && (
        <p class="note">
          {texts.say("onion-link")} <a href={`http://${portal.onion}/${texts.language}/`}>{portal.onion}</a>
        </p>
      )}
    </footer>
  );
}

export interface DocumentProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly title: string;
  readonly head?: ComponentChildren;
  readonly bodyClass?: string;
  /**
   * The client's first script. Such a page can be filled in before its stylesheet has come, which goes first: browsers
   * take the connection for it that they have made beside the page's, with a whole handshake, and the script is longer.
   */
  readonly client?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Document({ portal, texts, title, head, bodyClass, client, children }: DocumentProps) {
  const { all, rest } = portal.styles;
  const hasClient = client !== undefined;
  return (
    <html lang={texts.language} dir={texts.direction} {...UNTRANSLATED}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="google" content="notranslate" />
        <title>{title}</title>
        {hasClient ? <style>{FIRST_STYLE.text}</style> : <StyleLink sheet={all} />}
        {/*
         * Where the client runs, an address that the browser has already, although it is no icon. Beside the
         * connections of the page and the client's first, a further one makes some networks swallow all that follow.
         * The client sets the icon where it may.
         */}
        <link rel="icon" href={hasClient ? rest.path : "/icon.svg"} />
        {head}
      </head>
      <body class={bodyClass}>
        {children}
        {hasClient && <StyleLink sheet={rest} />}
        {client}
      </body>
    </html>
  );
}

/** A reference that browsers follow only to the very bytes that the page means. */
export function StyleLink({ sheet: { path, integrity } }: { readonly sheet: Stylesheet }) {
  return <link rel="stylesheet" href={path} integrity={integrity} />;
}
