import type { Answers, Form, Question } from "../../form/index.js";
import { saySize, type Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";
import { RECEIPT_CODE_FIELD, ReceiptCodeField } from "./receipt-code-field.js";

/**
 * Who encrypts: the server, which the form is posted to, or the page's client, without which it cannot be sent at all;
 * offline that client makes a file.
 */
export type Encryption = "server" | "browser" | "offline";

export interface SubmissionFormProps {
  readonly encryption: Encryption;
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  /** Ties the form to the progress page beside it. */
  readonly token: string | null;
  /** What was typed before, to be shown again. */
  readonly answers?: Answers;
  readonly receiptCode?: string;
  /** The question at fault and what is wrong with its answer. */
  readonly fault?: { readonly question: string; readonly message: string } | null;
}

/**
 * The form itself. For the server it works in any browser, alone or in a frame. For the client it has no target and its
 * button is off: whatever happens before the client is ready, or if it never is, nothing can be sent.
 */
export function SubmissionForm(props: SubmissionFormProps) {
  const { encryption, portal, texts, form, token, answers = {}, receiptCode = "", fault = null } = props;
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
  return (
    <form id="form" {...target} autocomplete="off">
      {form.questions.map((question) => (
        <Field
          portal={portal}
          texts={texts}
          encryption={encryption}
          question={question}
          optional={!form.oneOf.includes(question.id)}
          value={answers[question.id] ?? ""}
          fault={fault?.question === question.id ? fault.message : null}
        />
      ))}
      <ReceiptCodeField
        texts={texts}
        label="receipt-code"
        help="receipt-code-help"
        optional={true}
        named={!byClient}
        value={receiptCode}
        fault={fault?.question === RECEIPT_CODE_FIELD ? fault.message : null}
      />
      {!byClient && (
        <p class="note" id="send-note">
          {texts.say("send-note")}
        </p>
      )}
      {byClient && (
        <div id="client-state" role="status">
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
        {texts.say(encryption === "offline" ? "offline-encrypt" : "send")}
      </button>
    </form>
  );
}

export interface LateProps {
  readonly texts: Texts;
  /** The way that needs no client, its words, and what it means. */
  readonly href: string;
  readonly words: string;
  readonly means: string;
}

/** Seen, by the stylesheet's own clock, only where scripts run but ours has not: its first act is to take this away. */
export function Late({ texts, href, words, means }: LateProps) {
  return (
    <p class="late">
      <strong>{texts.say("late-title")}</strong> {texts.say("late-reload")} <a href={href}>{texts.say(words)}</a>.{" "}
      {texts.say(means)}
    </p>
  );
}

interface FieldProps {
  readonly encryption: Encryption;
  readonly portal: Portal;
  readonly texts: Texts;
  readonly question: Question;
  readonly optional: boolean;
  readonly value: string;
  readonly fault: string | null;
}

function Field({ encryption, portal, texts, question, optional, value, fault }: FieldProps) {
  const { id, kind, maxLength } = question;
  const limits = { files: portal.maxFiles, size: saySize(texts, portal.maxSubmission) };
  const common = {
    id: `field-${id}`,
    // Without a name a browser has nothing to send, whatever else should fail.
    ...(encryption === "server" ? { name: id } : {}),
    "aria-describedby": fault === null ? `help-${id}` : `fault-${id} help-${id}`,
    ...(fault === null ? {} : { "aria-invalid": "true" as const }),
  };
  return (
    <div class={fault === null ? "field" : "field faulty"}>
      <label for={common.id}>
        {texts.say(`question-${id}`)}
        {optional && <span class="optional"> · {texts.say("answer-optional")}</span>}
      </label>
      <p class="help" id={`help-${id}`}>
        {texts.say(`question-${id}-help`, limits)}
      </p>
      {fault !== null && (
        <p class="fault" id={`fault-${id}`}>
          {fault}
        </p>
      )}
      {kind === "text" && <textarea {...common} rows={id === "message" ? 12 : 3} maxLength={maxLength} value={value} />}
      {(kind === "line" || kind === "contact") && (
        <input {...common} type="text" maxLength={maxLength} value={value} autocomplete="off" />
      )}
      {kind === "files" && <input {...common} type="file" multiple />}
    </div>
  );
}
