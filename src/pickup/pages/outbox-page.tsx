import type { Acknowledged } from "../acknowledgement.js";
import type { AskedDeletions } from "../deletion.js";
import { AcknowledgedResult, BackLink } from "./answer-pages.js";
import { Csrf, Layout, type SignedInProps } from "./layout.js";

/** What came of the outbox. */
export interface ImportedOutbox {
  /** Null if there was no acknowledgement. */
  readonly acknowledged: Acknowledged | null;
  /** Replies that are new here, and those that were here. */
  readonly taken: number;
  readonly known: number;
  readonly refused: readonly { readonly name: string; readonly code: string }[];
  readonly deletions: AskedDeletions;
}

const MAX_REFUSED = 100;
/** The next page's form sends them all. */
const MAX_DELETIONS = 500;

export function OutboxPage({ outbox, ...page }: SignedInProps & { readonly outbox: ImportedOutbox }) {
  const { texts } = page;
  const { acknowledged, taken, known, refused, deletions } = outbox;
  const asked = deletions.ids.length + deletions.gone + deletions.different.length;
  const nothing = acknowledged === null && taken + known + refused.length + asked === 0;
  return (
    <Layout {...page} title={texts.say("outbox-done")}>
      {nothing && <p role="status">{texts.say("replies-none")}</p>}
      {acknowledged !== null && <AcknowledgedResult texts={texts} result={acknowledged} />}
      {taken > 0 && <p role="status">{texts.say("outbox-replies", { count: taken })}</p>}
      {known > 0 && <p role="status">{texts.say("outbox-replies-known", { count: known })}</p>}
      {refused.length > 0 && (
        <div class="alert" role="alert">
          <p>{texts.say("outbox-refused", { count: refused.length })}</p>
          <ul>
            {refused.slice(0, MAX_REFUSED).map(({ name, code }) => (
              <li>
                <bdi>{name}</bdi>: {texts.say("replies-refused", { code })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {asked > 0 && <Deletions {...page} deletions={deletions} />}
      <BackLink {...page} />
    </Layout>
  );
}

function Deletions({ deletions, ...page }: SignedInProps & { readonly deletions: AskedDeletions }) {
  const { texts, session } = page;
  const { ids, gone, different } = deletions;
  return (
    <section aria-labelledby="deletions">
      <h2 id="deletions">{texts.say("outbox-deletions", { count: ids.length })}</h2>
      {gone > 0 && <p>{texts.say("outbox-deletions-gone", { count: gone })}</p>}
      {different.length > 0 && (
        <p class="alert" role="alert">
          {texts.say("outbox-deletions-different", { count: different.length })}
        </p>
      )}
      {ids.length > 0 && session.role !== "manager" && <p>{texts.say("outbox-deletions-manager")}</p>}
      {ids.length > 0 && session.role === "manager" && (
        <form method="post" action={`/${texts.language}/delete`}>
          <Csrf session={session} />
          {ids.slice(0, MAX_DELETIONS).map((id) => (
            <input type="hidden" name="id" value={id} />
          ))}
          <button type="submit">{texts.say("outbox-deletions-see")}</button>
        </form>
      )}
    </section>
  );
}
