import type { Answers, Form } from "../../form/index.js";
import { saySize } from "../../locales/index.js";
import type { RefusalCode } from "../refusal.js";
import { Layout, type LayoutProps } from "./layout.js";
import { RECEIPT_CODE_FIELD } from "./receipt-code-field.js";
import { SubmissionForm } from "./submission-form.js";

export interface RefusalPageProps extends Pick<LayoutProps, "portal" | "texts"> {
  readonly code: RefusalCode;
  /** The form with what was typed, to be sent again; null where there is nothing to send. */
  readonly again: {
    readonly form: Form;
    readonly answers: Answers;
    readonly token: string | null;
    /** The question at fault. */
    readonly question: string | null;
    readonly receiptCode: string;
  } | null;
}

/** What happened, what to do, and the letter as it was typed. */
export function RefusalPage({ portal, texts, code, again }: RefusalPageProps) {
  const limits = { files: portal.maxFiles, size: saySize(texts, portal.maxSubmission) };
  return (
    <Layout portal={portal} texts={texts} title={texts.say(`fault-${code}`)}>
      <div class="alert" role="alert">
        <h1>{texts.say(`fault-${code}`)}</h1>
        <p>{texts.say(`fault-${code}-cure`, limits)}</p>
        {again !== null && <p>{texts.say("fault-nothing-kept")}</p>}
        {again !== null && <p>{texts.say("fault-kept")}</p>}
        {again !== null && again.question !== null && (
          <p>
            <a href={`#field-${again.question}`}>{texts.say(titleOf(again.question))}</a>
          </p>
        )}
      </div>
      {again === null ? (
        <p>
          <a href={`/${texts.language}/`} target="_top">
            {texts.say("fault-back")}
          </a>
        </p>
      ) : (
        <SubmissionForm
          encryption="server"
          portal={portal}
          texts={texts}
          form={again.form}
          token={again.token}
          answers={again.answers}
          receiptCode={again.receiptCode}
          fault={again.question === null ? null : { question: again.question, message: faultMessage() }}
        />
      )}
    </Layout>
  );

  function titleOf(question: string): string {
    return question === RECEIPT_CODE_FIELD ? "receipt-code" : `question-${question}`;
  }

  function faultMessage(): string {
    const limit = again?.form.questions.find(({ id }) => id === again.question)?.maxLength ?? 0;
    return code === "text_too_long"
      ? texts.say("fault-text_too_long-field", { limit })
      : texts.say(`fault-${code}-cure`);
  }
}
