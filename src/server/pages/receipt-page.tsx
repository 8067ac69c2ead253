import { Layout, type LayoutProps } from "./layout.js";

/** Shown only after the submission is durably stored. */
export function ReceiptPage({
  portal,
  texts,
  documents,
}: Pick<LayoutProps, "portal" | "texts"> & { documents: number }) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("receipt-title")}>
      <h1>{texts.say("receipt-title")}</h1>
      <p role="status">{texts.say("receipt-lead")}</p>
      <p>{texts.say("receipt-documents", { count: documents })}</p>
      <p>{texts.say("receipt-next")}</p>
      <p>{texts.say("receipt-device")}</p>
      <p>
        <a href={`/${texts.language}/`} target="_top">
          {texts.say("receipt-another")}
        </a>
      </p>
    </Layout>
  );
}
