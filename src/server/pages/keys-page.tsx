import { dayOf } from "../../core/index.js";
import { sayDay } from "../../form/index.js";
import { Layout, type LayoutProps } from "./layout.js";
import { UNTRANSLATED } from "./private-text.js";

export interface KeysPageProps extends Pick<LayoutProps, "portal" | "texts"> {
  readonly recipients: readonly { readonly fingerprint: string; readonly expires: Date | null }[];
}

/** Whom letters are encrypted for, in groups of four so that two people can compare them aloud. */
export function KeysPage({ portal, texts, recipients }: KeysPageProps) {
  const day = (date: Date) => sayDay(dayOf(date), texts.language);
  return (
    <Layout portal={portal} texts={texts} title={texts.say("keys-title")}>
      <h1>{texts.say("keys-title")}</h1>
      <p>{texts.say("keys-lead")}</p>
      <ul class="keys">
        {recipients.map(({ fingerprint, expires }) => (
          <li>
            <code {...UNTRANSLATED}>{fingerprint.match(/.{1,4}/g)?.join(" ")}</code>
            {expires !== null && <p class="note">{texts.say("keys-expires", { day: day(expires) })}</p>}
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
