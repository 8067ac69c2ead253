import type { ComponentChildren } from "preact";
import { FILE_FAULTS } from "../../openpgp/index.js";
import type { Refusal } from "../http/index.js";
import { ClientScript, ForwardSettings, type ForwardSettingsProps, type PageScripts } from "./client-settings.js";
import { Forget } from "./forget.js";
import { Layout, type LayoutProps } from "./layout.js";

/** Why a file was not taken. Each has words in every language. */
export const ENCRYPTED_FAULTS = [
  ...FILE_FAULTS,
  "several",
  "too_large",
  "busy",
  "too_many_requests",
  "no_space",
  "cannot_store",
] as const satisfies readonly Refusal[];

export type EncryptedFault = (typeof ENCRYPTED_FAULTS)[number];

type PageProps = Pick<LayoutProps, "portal" | "texts">;

/** Takes a file that is encrypted already. What was wrong with the last one is said, never what was in it. */
export function EncryptedPage({
  portal,
  texts,
  fault,
  head,
  aside,
}: PageProps & {
  readonly fault: EncryptedFault | null;
  readonly head?: ComponentChildren;
  readonly aside?: ComponentChildren;
}) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("encrypted-title")} head={head} aside={aside}>
      {fault !== null && (
        <div class="alert" role="alert">
          <h1>{texts.say("encrypted-refused")}</h1>
          <p id="fault-file">{texts.say(`encrypted-fault-${fault}`)}</p>
          <p>{texts.say("fault-nothing-kept")}</p>
          <p>
            <a href="#field-file">{texts.say("encrypted-file")}</a>
          </p>
        </div>
      )}
      {fault === null ? <h1>{texts.say("encrypted-title")}</h1> : <h2>{texts.say("encrypted-title")}</h2>}
      <p>{texts.say("encrypted-lead")}</p>
      <p>{texts.say("encrypted-unopened")}</p>
      <form
        id="form"
        method="post"
        action={`/${texts.language}/encrypted`}
        enctype="multipart/form-data"
        autocomplete="off"
      >
        <div class={fault === null ? "field" : "field faulty"}>
          <label for="field-file">{texts.say("encrypted-file")}</label>
          <p class="help" id="help-file">
            {texts.say("encrypted-file-help")}
          </p>
          <input
            id="field-file"
            type="file"
            name="file"
            aria-describedby={fault === null ? "help-file" : "fault-file help-file"}
          />
        </div>
        <div id="client-state" role="status" />
        <button id="send" type="submit">
          {texts.say("send")}
        </button>
      </form>
    </Layout>
  );
}

interface ForwardPageProps extends PageProps, Omit<ForwardSettingsProps, "texts"> {
  readonly scripts: Pick<PageScripts, "main">;
}

/**
 * The page at `/{lang}/encrypted`: the same for everyone at all times. Its client checks the file and sends it in
 * pieces. Without JavaScript, and where the client never comes, the browser sends the form, and only the server checks.
 */
export function ForwardPage({ portal, texts, scripts, maxMessage, words, wordsWhole }: ForwardPageProps) {
  return (
    <EncryptedPage
      portal={portal}
      texts={texts}
      fault={null}
      head={<ClientScript scripts={scripts} />}
      aside={<ForwardSettings texts={texts} maxMessage={maxMessage} words={words} wordsWhole={wordsWhole} />}
    />
  );
}

/** Shown only after the file is durably stored. `outside`: whether there were words around the encrypted part. */
export function EncryptedReceiptPage({ portal, texts, outside }: PageProps & { readonly outside: boolean }) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("receipt-title")} aside={<Forget />}>
      <h1>{texts.say("receipt-title")}</h1>
      <p role="status">{texts.say("encrypted-stored")}</p>
      {outside && <p class="alert">{texts.say("encrypted-outside")}</p>}
      <p>{texts.say("encrypted-number")}</p>
      <p>{texts.say("receipt-device")}</p>
    </Layout>
  );
}
