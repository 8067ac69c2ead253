import { type Answers, arrange, type Form, type Question } from "../../form/index.js";
import type { Texts } from "../../locales/index.js";
import { AnswerField } from "./answer-field.js";
import type { Portal } from "./layout.js";
import { RECEIPT_CODE_FIELD, ReceiptCodeField } from "./receipt-code-field.js";

/**
 * Who encrypts: the server, which the form is posted to, or the page's client, without which it cannot be sent at all;
 * offline that client makes a file.
 */
export type Encryption = "server" | "browser" | "offline";

/** What is wrong with the answer to a question. */
export interface FieldFault {
  readonly question: string;
  readonly message: string;
}

/** What the page is for: a first letter, or more for an earlier one, whose receipt code is known. */
type Purpose = "letter" | "follow-up";

export interface SubmissionFormProps {
  readonly encryption: Encryption;
  readonly purpose?: Purpose;
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  /** Ties the form to the progress page beside it. */
  readonly token: string | null;
  /** What was typed before, to be shown again. */
  readonly answers?: Answers;
  readonly receiptCode?: string;
  /** Questions at fault, and what is wrong with each answer. */
  readonly faults?: readonly FieldFault[];
}

/**
 * The form itself. For the server it works in any browser, alone or in a frame. For the client it has no target and its
 * button is off: whatever happens before the client is ready, or if it never is, nothing can be sent.
 */
export function SubmissionForm(props: SubmissionFormProps) {
  const { encryption, purpose = "letter", portal, texts, form, token } = props;
  const { answers = {}, receiptCode = "", faults = [] } = props;
  const faultOf = (id: string) => faults.find(({ question }) => question === id)?.message ?? null;
  const query = token === null ? "" : `?progress=${token}`;
  const byClient = encryption !== "server";
  const target = byClient
    ? { method: "dialog" }
    : {
        method: "post",
        action: `/${texts.language}/submit${query}`,
        enctype: "multipart/form-data",
        "accept-charset": "utf-8",
      };
  const { asked, more } = arrange(form);
  // Where nothing is required, the line that they are behind says that they are optional.
  const unmarked = !form.questions.some(({ required }) => required);
  const isGiven = ({ id }: Question) => id in answers || faultOf(id) !== null;
  const field = (question: Question) => (
    <AnswerField
      portal={portal}
      texts={texts}
      form={form}
      question={question}
      named={!byClient}
      answer={answers[question.id] ?? null}
      fault={faultOf(question.id)}
    />
  );
  const codeFault = faultOf(RECEIPT_CODE_FIELD);
  const codeField = (
    <ReceiptCodeField
      texts={texts}
      label="receipt-code"
      help="receipt-code-help"
      named={!byClient}
      value={receiptCode}
      fault={codeFault}
    />
  );
  return (
    <form id="form" {...target} autocomplete="off" novalidate>
      {asked.map(field)}
      {more.length > 0 && (
        <details class="part" id="more" open={more.some(isGiven)}>
          <summary>{texts.say("form-more")}</summary>
          <p class="note">{texts.say("form-more-note")}</p>
          {more.map((question) => field(unmarked ? { ...question, optional: false } : question))}
        </details>
      )}
      {purpose === "follow-up" ? (
        <div hidden>{codeField}</div>
      ) : (
        <details class="part" id="earlier" open={receiptCode !== "" || codeFault !== null}>
          <summary>{texts.say("form-earlier")}</summary>
          {encryption !== "offline" && (
            <p>
              <a href={`/${texts.language}/replies`} target="_top">
                {texts.say("footer-replies")}
              </a>
            </p>
          )}
          {codeField}
        </details>
      )}
      {!byClient && (
        <>
          <p class="note" id="send-note">
            {texts.say("send-note")}
          </p>
          <p class="note">{texts.say("send-narrow")}</p>
        </>
      )}
      {byClient && (
        <div id="client-state" class="state" role="status">
          {texts.say("client-preparing")}
        </div>
      )}
      {encryption === "browser" && (
        <Late
          texts={texts}
          href={`/${texts.language}/form/alone`}
          words="client-on-server"
          means="client-on-server-means"
        />
      )}
      <button id="send" type="submit" disabled={byClient} aria-describedby={byClient ? "client-state" : "send-note"}>
        {texts.say(encryption === "offline" && portal.ways === null ? "offline-encrypt" : "send")}
      </button>
    </form>
  );
}

export interface LateProps {
  readonly texts: Texts;
  /** Whether the page is there to read answers, so that there is no letter to copy. */
  readonly forReplies?: boolean;
  /** The way that needs no client, its words, and what it means. */
  readonly href: string;
  readonly words: string;
  readonly means: string;
}

/** Seen, by the stylesheet's own clock, only where scripts run but ours has not: its first act is to take this away. */
export function Late({ texts, forReplies = false, href, words, means }: LateProps) {
  const title = forReplies ? "replies-unready" : "late-title";
  return (
    <p class="late">
      <strong>{texts.say(title)}</strong> {texts.say(forReplies ? "replies-reload" : "late-reload")}{" "}
      <a href={href}>{texts.say(words)}</a>. {texts.say(means)}
    </p>
  );
}
