import type { ComponentChildren } from "preact";
import type { Stylesheet } from "../../http/index.js";
import type { Texts } from "../../locales/index.js";
import type { Session } from "../sessions.js";

export interface LayoutProps {
  readonly languages: readonly Texts[];
  readonly texts: Texts;
  readonly style: Stylesheet;
  /** Null without a session. */
  readonly session: Session | null;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The common properties of every page. */
export type PageProps = Omit<LayoutProps, "title" | "children">;

/** The common properties of a page that requires a session. */
export type SignedInProps = PageProps & { readonly session: Session };

export function Layout({ languages, texts, style, session, title, children }: LayoutProps) {
  const { language, direction } = texts;
  return (
    <html lang={language} dir={direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{texts.say("title")}</title>
        <link rel="stylesheet" href={style.path} integrity={style.integrity} />
      </head>
      <body class="pickup">
        <header>
          <nav aria-label={texts.say("languages")}>
            <ul>
              {languages.map((other) => (
                <li>
                  <a
                    href={`/${other.language}/`}
                    lang={other.language}
                    {...(other.language === language ? { "aria-current": "true" as const } : {})}
                  >
                    {other.name}
                  </a>
                </li>
              ))}
              {session !== null && (
                <li>
                  <a href={`/${language}/`}>{texts.say("to-list")}</a>
                </li>
              )}
              {session?.role === "manager" && (
                <li>
                  <a href={`/${language}/staff`}>{texts.say("to-staff")}</a>
                </li>
              )}
            </ul>
          </nav>
          {session !== null && (
            <form method="post" action={`/${language}/sign-out`} class="actions">
              <Csrf session={session} />
              <span>{texts.say("signed-in", { name: session.name, role: texts.say(`role-${session.role}`) })}</span>
              <button type="submit" class="quiet">
                {texts.say("sign-out")}
              </button>
            </form>
          )}
        </header>
        <main id="main">
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

export const CSRF_FIELD = "csrf";

/** Goes first in every form, so that the server reads the token before any file. */
export function Csrf({ session }: { readonly session: Session }) {
  return <input type="hidden" name={CSRF_FIELD} value={session.csrf} />;
}

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly type?: "text" | "password" | "file";
  readonly autocomplete?: string;
  readonly inputmode?: "numeric";
  readonly multiple?: boolean;
  /** A folder with all files in it. */
  readonly webkitdirectory?: boolean;
  readonly value?: string;
}

export function Field({ id, label, help, type = "text", ...rest }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {help !== undefined && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      <input
        id={id}
        name={id}
        type={type}
        {...(help === undefined ? {} : { "aria-describedby": `${id}-help` })}
        {...rest}
        autocomplete={rest.autocomplete ?? "off"}
      />
    </div>
  );
}

/** Passphrase and code once more, for actions that require signing in again. */
export function ConfirmFields({ texts }: { readonly texts: Texts }) {
  return (
    <>
      <Field id="passphrase" type="password" label={texts.say("sign-in-passphrase")} autocomplete="current-password" />
      <Field
        id="code"
        label={texts.say("sign-in-code")}
        help={texts.say("sign-in-code-help")}
        inputmode="numeric"
        autocomplete="one-time-code"
      />
    </>
  );
}
