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
      <p role="status">
        {texts.say("receipt-lead")} {texts.say("receipt-documents", { count: documents })}
      </p>
      {code === null ? <p>{texts.say("receipt-follow-up")}</p> : <ReceiptCode texts={texts} code={code} />}
      <h2>{texts.say("receipt-next-title")}</h2>
      <ul class="next">
        <li>{texts.say("receipt-opened")}</li>
        <li>{answerTimes(portal, texts)}</li>
        <li>{texts.say("receipt-next")}</li>
        <li>{texts.say("receipt-device")}</li>
      </ul>
      <p class="note">{texts.say("impostors")}</p>
      <p class="links">
        <a href={`/${texts.language}/replies`} target="_top">
          {texts.say("footer-replies")}
        </a>
        <a href={`/${texts.language}/`} target="_top">
          {texts.say("receipt-another")}
        </a>
      </p>
    </Layout>
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
      <details>
        <summary>{texts.say("receipt-code-about")}</summary>
        <p>{texts.say("receipt-code-means")}</p>
      </details>
    </section>
  );
}
