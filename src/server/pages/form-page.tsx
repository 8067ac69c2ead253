import type { ComponentChildren } from "preact";
import { ClientScript, ClientSettings, type NamedPieces, type PageScripts } from "./client-settings.js";
import { Document, Layout, StyleLink } from "./layout.js";
import { publishedAt } from "./operator-words.js";
import { SubmissionForm, type SubmissionFormProps } from "./submission-form.js";

/** What to know before writing: what is stored and seen depends on where the letter is encrypted. */
const TRUTHS: Readonly<Record<"server" | "browser", readonly string[]>> = {
  server: ["truth-stored", "truth-server", "truth-page", "truth-network", "truth-device", "truth-address"],
  browser: ["truth-browser", "truth-hacked", "truth-page", "truth-network", "truth-device", "truth-address"],
};

/** The few lines that come before the letter. */
const RISKS = ["risk-device", "risk-network", "risk-address"];

interface FormProps extends Pick<SubmissionFormProps, "portal" | "texts" | "form" | "token" | "receiptCode"> {
  readonly encryption: keyof typeof TRUTHS;
}

interface FormPageProps extends FormProps {
  readonly head?: ComponentChildren;
  readonly client?: ComponentChildren;
  readonly aside?: ComponentChildren;
}

/** The form with what to know before writing. */
export function FormPage(props: FormPageProps) {
  const { encryption, portal, texts, form, token, receiptCode = "", head, client, aside } = props;
  return (
    <Layout portal={portal} texts={texts} title={form.title} head={head} client={client} aside={aside}>
      <h1>{form.title}</h1>
      <p class="promise">{texts.say(`promise-${encryption}`)}</p>
      {form.intro.map((paragraph) => (
        <p>{paragraph}</p>
      ))}
      <BeforeWriting portal={portal} texts={texts} encryption={encryption} />
      <SubmissionForm
        encryption={encryption}
        portal={portal}
        texts={texts}
        form={form}
        token={token}
        receiptCode={receiptCode}
      />
      <p class="note">
        <a href={`/${texts.language}/encrypted`} target="_top">
          {texts.say("encrypted-link")}
        </a>
      </p>
    </Layout>
  );
}

/** The page about safety opens beside the letter, which a page in its place would lose. */
function BeforeWriting({ portal, texts, encryption }: Pick<FormProps, "portal" | "texts" | "encryption">) {
  const published = publishedAt(portal, texts);
  return (
    <>
      <ul class="risks">
        {RISKS.map((id) => (
          <li>{texts.say(id)}</li>
        ))}
        <li>
          <a href={`/${texts.language}/safety`} target="_blank" rel="noopener noreferrer">
            {texts.say("footer-safety")}
          </a>
        </li>
      </ul>
      <details class="before">
        <summary>{texts.say("truth-title")}</summary>
        <ul>
          {TRUTHS[encryption].map((id) => (
            <li>{texts.say(id)}</li>
          ))}
          {published !== null && <li>{published}</li>}
        </ul>
      </details>
    </>
  );
}

/** Adds to an earlier letter, where there is no JavaScript. */
export function FollowUpPage({ portal, texts, form, receiptCode = "" }: Omit<FormProps, "encryption" | "token">) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("replies-more-title")}>
      <h1>{texts.say("replies-more-title")}</h1>
      <p class="promise">{texts.say("promise-server")}</p>
      <SubmissionForm
        encryption="server"
        purpose="follow-up"
        portal={portal}
        texts={texts}
        form={form}
        token={null}
        receiptCode={receiptCode}
      />
    </Layout>
  );
}

interface FrontPageProps extends Omit<FormProps, "token" | "encryption"> {
  readonly scripts: PageScripts;
  readonly pieces: NamedPieces;
  readonly fingerprints: readonly string[];
  readonly portalSalt: Uint8Array;
}

/**
 * The page at `/{lang}/`: the same for everyone at all times. With JavaScript its client encrypts. Without, a frame
 * with the token's form and progress lies over it; where frames fail, a link leads to the form that the server
 * encrypts.
 */
export function FrontPage({ portal, texts, form, scripts, pieces, fingerprints, portalSalt }: FrontPageProps) {
  return (
    <FormPage
      encryption="browser"
      portal={portal}
      texts={texts}
      form={form}
      token={null}
      head={
        <noscript>
          <StyleLink sheet={portal.styles.noscript} />
        </noscript>
      }
      client={<ClientScript scripts={scripts} />}
      aside={
        <>
          <ClientSettings
            portal={portal}
            texts={texts}
            form={form}
            fingerprints={fingerprints}
            portalSalt={portalSalt}
            parts={{ pieces }}
          />
          <noscript>
            <p class="fallback">
              <a href={`/${texts.language}/form/alone`}>{texts.say("frame-fallback")}</a>
            </p>
            <iframe class="portal" title={texts.say("frame-form")} src={`/${texts.language}/plain`} />
          </noscript>
        </>
      }
    />
  );
}

/** Two frames: progress above, the form below. Only the form's own frame is replaced by the answer. */
export function FramesPage({
  portal,
  texts,
  form,
  token,
}: Omit<FormProps, "encryption" | "receiptCode"> & { readonly token: string }) {
  return (
    <Document portal={portal} texts={texts} title={form.title} bodyClass="frames">
      <iframe class="progress" title={texts.say("frame-progress")} src={`/progress/${token}/soon`} />
      <iframe class="form" title={texts.say("frame-form")} src={`/${texts.language}/form/${token}`} />
    </Document>
  );
}
