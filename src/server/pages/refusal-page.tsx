import type { Answers, Form } from "../../form/index.js";
import { render } from "../../http/index.js";
import { saySize, type Texts } from "../../locales/index.js";
import type { PageRefusal } from "../http/index.js";
import { Layout, type LayoutProps, type Portal } from "./layout.js";
import { SubmissionForm } from "./submission-form.js";

/** A question at fault and the kind of fault. */
export interface FaultyAnswer {
  readonly code: PageRefusal;
  readonly question: string;
}

export interface RefusalPageProps extends Pick<LayoutProps, "portal" | "texts"> {
  readonly code: PageRefusal;
  /** The form with what was typed, to be sent again; null where there is nothing to send. */
  readonly again: {
    readonly form: Form;
    readonly answers: Answers;
    readonly token: string | null;
    /** What is wrong with answers, the first of which `code` is about; empty where it is about none. */
    readonly faults: readonly FaultyAnswer[];
    readonly receiptCode: string;
  } | null;
}

/** What happened, what to do, and the letter as it was typed. */
export function RefusalPage({ portal, texts, code, again }: RefusalPageProps) {
  const limits = { files: portal.maxFiles, size: saySize(texts, portal.maxSubmission) };
  const faults = again?.faults ?? [];
  // Said beside the field, and nothing is lost.
  const empty = code === "nothing_written";
  return (
    <Layout portal={portal} texts={texts} title={texts.say(`fault-${code}`)}>
      <div class="alert" role="alert">
        <h1>{texts.say(`fault-${code}`)}</h1>
        {!(empty && again !== null) && (
          <p>{empty ? texts.say("form-enough") : texts.say(`fault-${code}-cure`, limits)}</p>
        )}
        {faults.length > 0 && (
          <ul>
            {faults.map((fault) => (
              <li>
                <a href={`#field-${fault.question}`}>{labelOf(fault.question)}</a>
              </li>
            ))}
          </ul>
        )}
        {again !== null && !empty && <p>{texts.say("fault-nothing-kept")}</p>}
        {again !== null && !empty && <p>{texts.say("fault-kept")}</p>}
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
          faults={faults.map((fault) => ({ question: fault.question, message: messageOf(fault) }))}
        />
      )}
    </Layout>
  );

  function labelOf(question: string): string {
    const asked = again?.form.questions.find(({ id }) => id === question);
    return asked?.label ?? texts.say("receipt-code");
  }

  function messageOf(fault: FaultyAnswer): string {
    const limit = again?.form.questions.find(({ id }) => id === fault.question)?.maxLength ?? 0;
    if (fault.code === "nothing_written") return again?.form.enough ?? "";
    const words = fault.code === "receipt_code" ? "cure" : "field";
    return texts.say(`fault-${fault.code}-${words}`, { limit, ...limits });
  }
}

/** Refusal pages with nothing to send again: rendered once each, since a flood may be answered with them. */
export function refusalPages(portal: Portal): (texts: Texts, code: PageRefusal) => string {
  const rendered = new Map<string, string>();
  return (texts, code) => {
    const key = `${texts.language} ${code}`;
    const page = rendered.get(key) ?? render(<RefusalPage portal={portal} texts={texts} code={code} again={null} />);
    rendered.set(key, page);
    return page;
  };
}
