import type { Answers, Form, Question } from "../../form/index.js";
import { saySize, type Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";

export interface SubmissionFormProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  /** Ties the form to the progress page beside it. */
  readonly token: string | null;
  /** What was typed before, to be shown again. */
  readonly answers?: Answers;
  /** The question at fault and what is wrong with its answer. */
  readonly fault?: { readonly question: string; readonly message: string } | null;
}

/** The form itself: works in any browser, alone or in a frame. */
export function SubmissionForm({ portal, texts, form, token, answers = {}, fault = null }: SubmissionFormProps) {
  const query = token === null ? "" : `?progress=${token}`;
  return (
    <form
      id="form"
      method="post"
      action={`/${texts.language}/submit${query}`}
      enctype="multipart/form-data"
      accept-charset="utf-8"
      autocomplete="off"
    >
      {form.questions.map((question) => (
        <Field
          portal={portal}
          texts={texts}
          question={question}
          optional={!form.oneOf.includes(question.id)}
          value={answers[question.id] ?? ""}
          fault={fault?.question === question.id ? fault.message : null}
        />
      ))}
      <p class="note" id="send-note">
        {texts.say("send-note")}
      </p>
      <button type="submit" aria-describedby="send-note">
        {texts.say("send")}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly question: Question;
  readonly optional: boolean;
  readonly value: string;
  readonly fault: string | null;
}

function Field({ portal, texts, question, optional, value, fault }: FieldProps) {
  const { id, kind, maxLength } = question;
  const limits = { files: portal.maxFiles, size: saySize(texts, portal.maxSubmission) };
  const common = {
    id: `field-${id}`,
    name: id,
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
