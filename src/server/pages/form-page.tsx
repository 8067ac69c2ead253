import type { ComponentChildren } from "preact";
import { Document, Layout } from "./layout.js";
import { SubmissionForm, type SubmissionFormProps } from "./submission-form.js";

const TRUTHS = ["truth-stored", "truth-server", "truth-network", "truth-device", "truth-address"];

type FormProps = Pick<SubmissionFormProps, "portal" | "texts" | "form" | "token">;

interface FormPageProps extends FormProps {
  readonly head?: ComponentChildren;
  readonly aside?: ComponentChildren;
}

/** The form with what to know before writing. */
export function FormPage({ portal, texts, form, token, head, aside }: FormPageProps) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("form-title")} head={head} aside={aside}>
      <h1>{texts.say("form-title")}</h1>
      <p>{texts.say("form-lead")}</p>
      <p>
        <a href="#form">{texts.say("skip-to-form")}</a>
      </p>
      <section aria-labelledby="truth">
        <h2 id="truth">{texts.say("truth-title")}</h2>
        <ul>
          {TRUTHS.map((id) => (
            <li>{texts.say(id)}</li>
          ))}
        </ul>
      </section>
      <p>{texts.say("form-enough")}</p>
      <SubmissionForm portal={portal} texts={texts} form={form} token={token} />
    </Layout>
  );
}

/**
 * The page at `/{lang}/`: the same for everyone at all times. Without JavaScript a frame with the token's form and
 * progress lies over it; where frames fail, the form below does all but show progress.
 */
export function FrontPage({ portal, texts, form }: Omit<FormProps, "token">) {
  return (
    <FormPage
      portal={portal}
      texts={texts}
      form={form}
      token={null}
      head={
        <noscript>
          <link rel="stylesheet" href="/noscript.css" />
        </noscript>
      }
      aside={
        <noscript>
          <iframe class="portal" title={texts.say("frame-form")} src={`/${texts.language}/plain`} />
        </noscript>
      }
    />
  );
}

/** Two frames: progress above, the form below. Only the form's own frame is replaced by the answer. */
export function FramesPage({ texts, token }: Pick<FormProps, "texts"> & { readonly token: string }) {
  return (
    <Document texts={texts} title={texts.say("form-title")} bodyClass="frames">
      <iframe class="progress" title={texts.say("frame-progress")} src={`/progress/${token}/soon`} />
      <iframe class="form" title={texts.say("frame-form")} src={`/${texts.language}/form/${token}`} />
    </Document>
  );
}
