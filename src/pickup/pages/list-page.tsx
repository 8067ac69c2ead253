import { saySize, type Texts } from "../../locales/index.js";
import { type ListedSubmission, type Listing, SHOWS, type Show } from "../listing.js";
import { ArrivalsChart } from "./arrivals-chart.js";
import { Csrf, Field, Layout, type SignedInProps } from "./layout.js";
import { ServerState, type ServerStateProps } from "./server-state.js";

export interface ListPageProps extends SignedInProps {
  readonly listing: Listing;
  readonly show: Show;
  /** From 1. */
  readonly page: number;
  readonly state: ServerStateProps["state"];
}

const PAGE_LENGTH = 200;
/** Apart from the form around the table, in which the Enter key must not start a download. */
const DOWNLOAD_FORM = "download";

export function ListPage({ listing, show, page, state, ...rest }: ListPageProps) {
  const { texts, session } = rest;
  const { language } = texts;
  const chosen = listing.submissions[show];
  const shown = chosen.slice((page - 1) * PAGE_LENGTH, page * PAGE_LENGTH);
  const overdue = listing.submissions.overdue.length;
  const link = (to: number) => `/${language}/?show=${show}&page=${to}`;
  return (
    <Layout {...rest} title={texts.say("list-title")}>
      {overdue > 0 && (
        <p class="alert" role="alert">
          <a href={`/${language}/?show=overdue`}>{texts.say("overdue-warning", { count: overdue })}</a>
        </p>
      )}
      <Tasks {...rest} fresh={listing.submissions.new.length} />
      <nav aria-label={texts.say("list-show")}>
        <ul>
          {SHOWS.map((each) => (
            <li>
              <a href={`/${language}/?show=${each}`} {...(each === show ? { "aria-current": "true" as const } : {})}>
                {texts.say(`show-${each}`, { count: listing.submissions[each].length })}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {shown.length === 0 ? (
        <p>{texts.say("list-none")}</p>
      ) : (
        <form method="post" action={`/${language}/collect`}>
          <Csrf session={session} />
          <p>{texts.say("list-count", { count: chosen.length })}</p>
          <div class="wide">
            <table class="submissions">
              <thead>
                <tr>
                  {["choose", "id", "day", "size", "state"].map((column) => (
                    <th scope="col">{texts.say(`column-${column}`)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((submission) => (
                  <Row texts={texts} submission={submission} />
                ))}
              </tbody>
            </table>
          </div>
          <p class="actions">
            <button type="submit">{texts.say("collect-chosen")}</button>
            {session.role === "manager" && (
              <button type="submit" class="quiet" formaction={`/${language}/delete`}>
                {texts.say("delete-chosen")}
              </button>
            )}
          </p>
          <p class="note">{texts.say("collect-note")}</p>
        </form>
      )}
      <form method="post" id={DOWNLOAD_FORM}>
        <Csrf session={session} />
      </form>
      <p class="actions">
        {page > 1 && <a href={link(page - 1)}>{texts.say("pages-earlier")}</a>}
        {chosen.length > page * PAGE_LENGTH && <a href={link(page + 1)}>{texts.say("pages-later")}</a>}
      </p>
      <OneByOne {...rest} />
      <ArrivalsChart texts={texts} days={listing.days} />
      <ServerState texts={texts} state={state} />
    </Layout>
  );
}

/** What staff do every day, before everything else. */
function Tasks({ texts, session, fresh }: SignedInProps & { readonly fresh: number }) {
  const { language } = texts;
  return (
    <>
      <section aria-labelledby="fetch">
        <h2 id="fetch">{texts.say("fetch-title")}</h2>
        {fresh === 0 ? (
          <p>{texts.say("fetch-none")}</p>
        ) : (
          <form method="post" action={`/${language}/collect`} class="actions">
            <Csrf session={session} />
            <input type="hidden" name="all" value="new" />
            <button type="submit">{texts.say("collect-new")}</button>
            <a href={`/${language}/`}>{texts.say("fetch-reload")}</a>
          </form>
        )}
      </section>
      <section aria-labelledby="bring">
        <h2 id="bring">{texts.say("outbox-title")}</h2>
        <form method="post" action={`/${language}/outbox`} enctype="multipart/form-data">
          <Csrf session={session} />
          <Field
            id="outbox"
            type="file"
            label={texts.say("outbox-folder")}
            help={texts.say("outbox-help")}
            multiple
            webkitdirectory
          />
          <button type="submit">{texts.say("outbox-send")}</button>
        </form>
      </section>
    </>
  );
}

/** For browsers that cannot send a folder. */
function OneByOne({ texts, session }: SignedInProps) {
  const { language } = texts;
  return (
    <details>
      <summary>{texts.say("outbox-one-by-one")}</summary>
      <section aria-labelledby="acknowledge">
        <h2 id="acknowledge">{texts.say("acknowledge-title")}</h2>
        <form method="post" action={`/${language}/acknowledge`} enctype="multipart/form-data">
          <Csrf session={session} />
          <p class="help">{texts.say("acknowledge-help")}</p>
          <Field id="file" type="file" label={texts.say("acknowledge-file")} />
          <div class="field">
            <label for="text">{texts.say("acknowledge-text")}</label>
            <textarea id="text" name="text" rows={3} />
          </div>
          <button type="submit">{texts.say("acknowledge-send")}</button>
        </form>
      </section>
      <section aria-labelledby="replies">
        <h2 id="replies">{texts.say("replies-title")}</h2>
        <form method="post" action={`/${language}/replies`} enctype="multipart/form-data">
          <Csrf session={session} />
          <Field id="reply" type="file" label={texts.say("replies-files")} help={texts.say("replies-help")} multiple />
          <button type="submit">{texts.say("replies-send")}</button>
        </form>
      </section>
    </details>
  );
}

interface RowProps {
  readonly texts: Texts;
  readonly submission: ListedSubmission;
}

function Row({ texts, submission }: RowProps) {
  const { id, day, bytes, collected, opened } = submission;
  const short = id.slice(0, 8);
  return (
    <tr>
      <td>
        <input type="checkbox" name="id" value={id} aria-label={`${texts.say("column-choose")} ${short}`} />
      </td>
      <td>
        <button
          type="submit"
          class="quiet"
          form={DOWNLOAD_FORM}
          formaction={`/${texts.language}/submissions/${id}`}
          aria-label={`${texts.say("download")} ${short}`}
        >
          <code>{short}</code>
        </button>
      </td>
      <td>{day}</td>
      <td>{saySize(texts, bytes)}</td>
      <td>{sayState(texts, collected, opened)}</td>
    </tr>
  );
}

function sayState(texts: Texts, collected: ListedSubmission["collected"], opened: string | null): string {
  if (opened !== null) return texts.say("state-opened", { day: opened });
  if (collected === null) return texts.say("state-new");
  return texts.say("state-collected", { day: collected.day, name: collected.by });
}
