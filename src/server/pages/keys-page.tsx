import { Layout, type LayoutProps } from "./layout.js";

export interface KeysPageProps extends Pick<LayoutProps, "portal" | "texts"> {
  readonly recipients: readonly { readonly fingerprint: string; readonly expires: Date | null }[];
}

/** Whom letters are encrypted for, in groups of four so that two people can compare them aloud. */
export function KeysPage({ portal, texts, recipients }: KeysPageProps) {
  const date = new Intl.DateTimeFormat(texts.language, { dateStyle: "long", timeZone: "UTC" });
  return (
    <Layout portal={portal} texts={texts} title={texts.say("keys-title")}>
      <h1>{texts.say("keys-title")}</h1>
      <p>{texts.say("keys-lead")}</p>
      <ul class="keys">
        {recipients.map(({ fingerprint, expires }) => (
          <li>
            <code translate={false}>{fingerprint.match(/.{1,4}/g)?.join(" ")}</code>
            {expires !== null && <p class="note">{texts.say("keys-expires", { day: date.format(expires) })}</p>}
          </li>
        ))}
      </ul>
      <p>{texts.say("keys-compare")}</p>
      <p>
        <a href="/keys.asc" download="">
          {texts.say("keys-download")}
        </a>
      </p>
    </Layout>
  );
}
