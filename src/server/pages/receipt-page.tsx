import { formatReceiptCode } from "../../core/index.js";
import type { Texts } from "../../locales/index.js";
import { Forget } from "./forget.js";
import { Layout, type LayoutProps } from "./layout.js";
import { answerTimes } from "./operator-words.js";
import { UNTRANSLATED } from "./private-text.js";

export interface ReceiptPageProps extends Pick<LayoutProps, "portal" | "texts"> {
  readonly documents: number;
  /** The new receipt code; null if the submission adds to an earlier one, whose code is known. */
  readonly code: string | null;
}

/** Shown only after the submission is durably stored. Printed, it is the receipt code and nothing else. */
export function ReceiptPage({ portal, texts, documents, code }: ReceiptPageProps) {
  return (
    <Layout
      portal={portal}
      texts={texts}
      title={texts.say("receipt-title")}
      aside={<Forget />}
      {...(code === null ? {} : { bodyClass: "receipt" })}
    >
      <h1>{texts.say("receipt-title")}</h1>
      <p role="status">{texts.say("receipt-lead")}</p>
      <p>{texts.say("receipt-documents", { count: documents })}</p>
      {code === null ? <p>{texts.say("receipt-follow-up")}</p> : <ReceiptCode texts={texts} code={code} />}
      <NextSteps portal={portal} texts={texts} />
      <p>{texts.say("receipt-next")}</p>
      <p>{texts.say("impostors")}</p>
      <p>{texts.say("receipt-device")}</p>
      <p>
        <a href={`/${texts.language}/replies`} target="_top">
          {texts.say("footer-replies")}
        </a>
      </p>
      <p>
        <a href={`/${texts.language}/`} target="_top">
          {texts.say("receipt-another")}
        </a>
      </p>
    </Layout>
  );
}

/** What happens next, in three lines. */
function NextSteps({ portal, texts }: Pick<LayoutProps, "portal" | "texts">) {
  return (
    <ol>
      {[texts.say("receipt-waits"), texts.say("receipt-opened"), answerTimes(portal, texts)].map((line) => (
        <li>{line}</li>
      ))}
    </ol>
  );
}

function ReceiptCode({ texts, code }: { readonly texts: Texts; readonly code: string }) {
  return (
    <section aria-labelledby="receipt-code-title">
      <h2 id="receipt-code-title">{texts.say("receipt-code-title")}</h2>
      <p class="receipt-code" {...UNTRANSLATED}>
        {formatReceiptCode(code)}
      </p>
      <p>{texts.say("receipt-code-keep")}</p>
    </section>
  );
}
