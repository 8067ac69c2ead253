import type { ComponentChildren } from "preact";
import type { ReceiptCodeFault } from "../../core/index.js";
import { type Form, sayDay } from "../../form/index.js";
import { saySize, type Texts } from "../../locales/index.js";
import { ClientScript, ClientSettings, type NamedPieces, type PageScripts } from "./client-settings.js";
import { Forget } from "./forget.js";
import { Layout, type LayoutProps, StyleLink } from "./layout.js";
import { MailboxForm } from "./mailbox-form.js";
import { answerTimes, waitingTime } from "./operator-words.js";
import { UNTRANSLATED } from "./private-text.js";
import { RECEIPT_CODE_FIELD, ReceiptCodeField } from "./receipt-code-field.js";
import { Late, SubmissionForm } from "./submission-form.js";

type PageProps = Pick<LayoutProps, "portal" | "texts">;

/** One reply as it is shown; `text` is null if it could not be opened. */
export interface ReadReply {
  readonly id: string;
  readonly day: string;
  readonly text: string | null;
  /** The day on which staff opened the letter, if this is the notice of that. */
  readonly opened: string | null;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface RepliesFrontPageProps extends PageProps {
  /** The follow-up form. */
  readonly form: Form;
  readonly scripts: PageScripts;
  readonly pieces: NamedPieces;
  readonly fingerprints: readonly string[];
  readonly portalSalt: Uint8Array;
}

/** The page at `/{lang}/replies`, whose client opens replies in the browser. Without JavaScript it leads on. */
export function RepliesFrontPage({
  portal,
  texts,
  form,
  scripts,
  pieces,
  fingerprints,
  portalSalt,
}: RepliesFrontPageProps) {
  const plain = `/${texts.language}/replies/plain`;
  return (
    <Layout
      portal={portal}
      texts={texts}
      title={texts.say("replies-title")}
      head={
        <noscript>
          <meta http-equiv="refresh" content={`0;url=${plain}`} />
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
            forReplies={true}
            parts={{ pieces }}
          />
          <noscript>
            <p class="fallback">
              <a href={plain}>{texts.say("replies-plain")}</a>
            </p>
          </noscript>
        </>
      }
    >
      <h1>{texts.say("replies-title")}</h1>
      <p>{texts.say("replies-lead")}</p>
      <p>{texts.say("replies-browser")}</p>
      <MailboxForm texts={texts}>
        <Late texts={texts} forReplies={true} href={plain} words="replies-plain" means="replies-server" />
      </MailboxForm>
      <section id="follow-up" aria-labelledby="follow-up-title" hidden>
        <h2 id="follow-up-title">{texts.say("replies-more-title")}</h2>
        <SubmissionForm
          encryption="browser"
          purpose="follow-up"
          portal={portal}
          texts={texts}
          form={form}
          token={null}
        />
      </section>
    </Layout>
  );
}

export interface RepliesPlainPageProps extends PageProps {
  readonly typed: string;
  readonly fault: ReceiptCodeFault | null;
}

/** Asks for the receipt code where there is no JavaScript. */
export function RepliesPlainPage({ portal, texts, typed, fault }: RepliesPlainPageProps) {
  return (
    <Layout portal={portal} texts={texts} title={texts.say("replies-title")}>
      <h1>{texts.say("replies-title")}</h1>
      <p>{texts.say("replies-lead")}</p>
      <p>{texts.say("replies-server")}</p>
      <form method="post" action={`/${texts.language}/replies`} autocomplete="off">
        <ReceiptCodeField
          texts={texts}
          label="replies-code"
          help="replies-code-help"
          named={true}
          value={typed}
          fault={fault === null ? null : texts.say(`code-fault-${fault}`)}
        />
        <button type="submit">{texts.say("replies-read")}</button>
      </form>
    </Layout>
  );
}

export interface RepliesPageProps extends PageProps {
  readonly code: string;
  readonly replies: readonly ReadReply[];
  /** Says that something was deleted. */
  readonly deleted: boolean;
}

/** What staff have answered. Each button sends the code again: the server keeps nothing between two requests. */
export function RepliesPage({ portal, texts, code, replies: all, deleted }: RepliesPageProps) {
  const replies = all.filter(({ opened }) => opened === null);
  return (
    <Layout portal={portal} texts={texts} title={texts.say("replies-title")} aside={<Forget />}>
      <h1>{texts.say("replies-title")}</h1>
      {deleted && <p role="status">{texts.say("replies-deleted")}</p>}
      <p>{replies.length > 0 ? texts.say("replies-there") : sayOpened(texts, all)}</p>
      {replies.length === 0 && (
        <p>
          {texts.say("replies-none")} {answerTimes(portal, texts)}
        </p>
      )}
      {replies.map(({ id, day, text, files }) => (
        <article class="reply">
          <h2>{texts.say("replies-reply", { day: sayDay(day, texts.language) })}</h2>
          {text === null ? (
            <p class="fault">{texts.say("replies-unreadable")}</p>
          ) : (
            <p class="reply-text" dir="auto" {...UNTRANSLATED}>
              {text}
            </p>
          )}
          {files.map(({ name, bytes }, index) => (
            <Action texts={texts} fields={{ code, action: "save", reply: id, file: String(index) }}>
              {texts.say("replies-save")} <bdi {...UNTRANSLATED}>{name}</bdi> · {saySize(texts, bytes)}
            </Action>
          ))}
          <Action texts={texts} fields={{ code, action: "delete", reply: id }}>
            {texts.say("replies-delete")}
          </Action>
        </article>
      ))}
      {replies.length > 0 && (
        <p>
          {texts.say("replies-again")} {waitingTime(portal, texts)}
        </p>
      )}
      <p>{texts.say("impostors")}</p>
      <Action texts={texts} fields={{ code, action: "more" }}>
        {texts.say("replies-more-title")}
      </Action>
    </Layout>
  );
}

function sayOpened(texts: Texts, all: readonly ReadReply[]): string {
  const day = all.flatMap(({ opened }) => opened ?? []).at(-1);
  if (day === undefined) return texts.say("replies-unopened");
  return texts.say("replies-opened", { day: sayDay(day, texts.language) });
}

interface ActionProps {
  readonly texts: Texts;
  readonly fields: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

function Action({ texts, fields, children }: ActionProps) {
  return (
    <form method="post" action={`/${texts.language}/replies`} class="actions">
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name === "code" ? RECEIPT_CODE_FIELD : name} value={value} autocomplete="off" />
      ))}
      <button type="submit" class="quiet">
        {children}
      </button>
    </form>
  );
}
