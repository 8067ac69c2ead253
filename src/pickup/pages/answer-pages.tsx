import type { Acknowledged } from "../acknowledgement.js";
import { ConfirmFields, Csrf, Layout, type PageProps, type SignedInProps } from "./layout.js";

/** Something could not be done; `message` says what, and what to do. */
export function FaultPage({ message, ...page }: PageProps & { readonly message: string }) {
  const { texts } = page;
  return (
    <Layout {...page} title={texts.say("fault-title")}>
      <p class="alert" role="alert">
        {message}
      </p>
      <Back {...page} />
    </Layout>
  );
}

export function AcknowledgedPage({ result, ...page }: SignedInProps & { readonly result: Acknowledged }) {
  const { texts } = page;
  return (
    <Layout {...page} title={texts.say("acknowledged-title")}>
      <p role="status">{texts.say("acknowledged-marked", { count: result.marked })}</p>
      {result.known > 0 && <p>{texts.say("acknowledged-known", { count: result.known })}</p>}
      {result.different.length > 0 && (
        <div class="alert" role="alert">
          <p>{texts.say("acknowledged-different", { count: result.different.length })}</p>
          <ul>
            {result.different.map((id) => (
              <li>
                <code>{id}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Back {...page} />
    </Layout>
  );
}

/** What became of one file; `code` says why it was refused. */
export interface BroughtReply {
  readonly name: string;
  readonly outcome: "taken" | "known" | { readonly code: string };
}

export function BroughtPage({ replies, ...page }: SignedInProps & { readonly replies: readonly BroughtReply[] }) {
  const { texts } = page;
  const say = (outcome: BroughtReply["outcome"]) =>
    typeof outcome === "string"
      ? texts.say(`replies-${outcome}`)
      : texts.say("replies-refused", { code: outcome.code });
  return (
    <Layout {...page} title={texts.say("replies-done")}>
      {replies.length === 0 && <p>{texts.say("replies-none")}</p>}
      <ul role="status">
        {replies.map(({ name, outcome }) => (
          <li>
            <bdi>{name}</bdi>: {say(outcome)}
          </li>
        ))}
      </ul>
      <Back {...page} />
    </Layout>
  );
}

export interface DeletePageProps extends SignedInProps {
  readonly ids: readonly string[];
  readonly fault: string | null;
}

export function DeletePage({ ids, fault, ...page }: DeletePageProps) {
  const { texts, session } = page;
  return (
    <Layout {...page} title={texts.say("delete-title")}>
      {fault !== null && (
        <p class="alert" role="alert">
          {fault}
        </p>
      )}
      <p>{texts.say("delete-what")}</p>
      <ul>
        {ids.map((id) => (
          <li>
            <code>{id}</code>
          </li>
        ))}
      </ul>
      <form method="post" action={`/${texts.language}/delete`}>
        <Csrf session={session} />
        <input type="hidden" name="confirmed" value="yes" />
        {ids.map((id) => (
          <input type="hidden" name="id" value={id} />
        ))}
        <p>{texts.say("delete-again")}</p>
        <ConfirmFields texts={texts} />
        <button type="submit">{texts.say("delete-do")}</button>
      </form>
      <Back {...page} />
    </Layout>
  );
}

export function DeletedPage({ count, ...page }: SignedInProps & { readonly count: number }) {
  return (
    <Layout {...page} title={page.texts.say("deleted", { count })}>
      <Back {...page} />
    </Layout>
  );
}

export function Back({ texts }: Pick<PageProps, "texts">) {
  return (
    <p>
      <a href={`/${texts.language}/`}>{texts.say("back")}</a>
    </p>
  );
}
