import type { Acknowledged } from "../acknowledgement.js";
import { ConfirmFields, Csrf, Layout, type PageProps, type SignedInProps } from "./layout.js";

/** @param message what failed, and what to do */
export function FaultPage({ message, ...page }: PageProps & { readonly message: string }) {
  const { texts } = page;
  return (
    <Layout {...page} title={texts.say("fault-title")}>
      <p class="alert" role="alert">
        {message}
      </p>
      <BackLink {...page} />
    </Layout>
  );
}

export function AcknowledgedPage({ result, ...page }: SignedInProps & { readonly result: Acknowledged }) {
  return (
    <Layout {...page} title={page.texts.say("acknowledged-title")}>
      <AcknowledgedResult texts={page.texts} result={result} />
      <BackLink {...page} />
    </Layout>
  );
}

export function AcknowledgedResult({ texts, result }: Pick<PageProps, "texts"> & { readonly result: Acknowledged }) {
  return (
    <>
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
    </>
  );
}

/** One file and its outcome; `code` says why it was refused. */
export interface ImportedReply {
  readonly name: string;
  readonly outcome: "taken" | "known" | { readonly code: string };
}

export function ImportedRepliesPage({
  replies,
  ...page
}: SignedInProps & { readonly replies: readonly ImportedReply[] }) {
  const { texts } = page;
  const say = (outcome: ImportedReply["outcome"]) =>
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
      <BackLink {...page} />
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
      <BackLink {...page} />
    </Layout>
  );
}

export function DeletedPage({ count, ...page }: SignedInProps & { readonly count: number }) {
  return (
    <Layout {...page} title={page.texts.say("deleted", { count })}>
      <BackLink {...page} />
    </Layout>
  );
}

export function BackLink({ texts }: Pick<PageProps, "texts">) {
  return (
    <p>
      <a href={`/${texts.language}/`}>{texts.say("back")}</a>
    </p>
  );
}
