import type { Answer, Form, Question } from "../../form/index.js";
import { saySize, type Texts } from "../../locales/index.js";
import type { Portal } from "./layout.js";
import { PRIVATE_FIELD } from "./private-text.js";

export interface AnswerFieldProps {
  readonly portal: Portal;
  readonly texts: Texts;
  readonly form: Form;
  readonly question: Question;
  /** Whether a browser may send it; the client reads it instead, and asks only what is to be asked. */
  readonly named: boolean;
  /** What was answered before. */
  readonly answer: Answer | null;
  /** What is wrong with it, or null. */
  readonly fault: string | null;
}

/** Longer answers are letters: a tall field says so. */
const FEW_LINES = 5_000;
const LONG = { rows: 12, class: "long" };
const SHORT = { rows: 3 };
/** No form has this id: what belongs to it can be chosen from, and goes nowhere. */
const NO_FORM = "none";

/** One question with its help, what is wrong, and the place for its answer. `src/client/answer-field.ts` reads it. */
export function AnswerField(props: AnswerFieldProps) {
  const { question, named, fault } = props;
  const grouped = question.kind === "choice" || question.kind === "choices";
  // The client shows the question when its condition holds; without one it is simply there, and says when it matters.
  const hidden = !named && question.shownWhen !== null;
  return (
    <div class={fault === null ? "field" : "field faulty"} id={`question-${question.id}`} hidden={hidden}>
      {grouped ? <Group {...props} /> : <Single {...props} />}
    </div>
  );
}

function Single(props: AnswerFieldProps) {
  const { question, named, answer, fault } = props;
  const { id, kind, maxLength } = question;
  const value = typeof answer === "string" ? answer : "";
  const common = {
    id: `field-${id}`,
    // Without a name a browser has nothing to send, whatever else should fail.
    ...(named ? { name: id } : {}),
    // On the form alone it does not hold: Firefox writes what is typed into its session file.
    autocomplete: "off",
    // A letter's sentences begin with capitals; an address must stay as it is typed.
    autocapitalize: kind === "contact" || kind === "date" ? ("none" as const) : ("sentences" as const),
    ...PRIVATE_FIELD,
    ...describedBy(props),
    ...(fault === null ? {} : { "aria-invalid": "true" as const }),
  };
  return (
    <>
      <label for={common.id}>
        <Label {...props} />
      </label>
      <Help {...props} />
      {kind === "text" && <textarea {...common} {...(maxLength > FEW_LINES ? LONG : SHORT)} value={value} />}
      {(kind === "line" || kind === "contact" || kind === "date") && <input {...common} type="text" value={value} />}
      {kind === "files" && <input {...common} type="file" multiple />}
    </>
  );
}

function Group(props: AnswerFieldProps) {
  const { texts, question, named, answer } = props;
  const { id, kind, choices, required } = question;
  const several = kind === "choices";
  const chosen = answer === null || typeof answer === "string" ? [answer ?? ""] : answer;
  // What was chosen by mistake can be taken back: of several choices each, of a single one by choosing none.
  const none = { value: "", label: texts.say("answer-none") };
  const offered = several || required ? choices : [...choices, none];
  return (
    <fieldset {...describedBy(props)}>
      <legend>
        <Label {...props} />
      </legend>
      <Help {...props} />
      {offered.map(({ value, label }, index) => (
        <label class="choice">
          <input
            id={index === 0 ? `field-${id}` : `field-${id}.${index}`}
            type={several ? "checkbox" : "radio"}
            {...(named ? { name: id } : several ? {} : { name: id, form: NO_FORM, autocomplete: "off" })}
            value={value}
            checked={value !== "" && chosen.includes(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function Label({ texts, question }: AnswerFieldProps) {
  return (
    <>
      {question.label}
      {question.optional && <span class="optional"> · {texts.say("answer-optional")}</span>}
    </>
  );
}

function Help(props: AnswerFieldProps) {
  const { question, fault } = props;
  const help = helpOf(props);
  return (
    <>
      {help !== "" && (
        <p class="help" id={`help-${question.id}`}>
          {help}
        </p>
      )}
      {fault !== null && (
        <p class="fault" id={`fault-${question.id}`}>
          {fault}
        </p>
      )}
    </>
  );
}

function helpOf({ portal, texts, form, question, named }: AnswerFieldProps): string {
  const { kind, help, shownWhen } = question;
  const sentences = [help];
  if (kind === "files") {
    sentences.push(texts.say("answer-files", { files: portal.maxFiles, size: saySize(texts, portal.maxSubmission) }));
  }
  if (kind === "date") sentences.push(texts.say("answer-date"));
  if (kind === "choices") sentences.push(texts.say("answer-several"));
  if (named && shownWhen !== null) {
    const other = form.questions.find(({ id }) => id === shownWhen.question);
    const labels = other?.choices.filter(({ value }) => shownWhen.is.includes(value)).map(({ label }) => label) ?? [];
    const list = new Intl.ListFormat(texts.language, { type: "disjunction" });
    sentences.push(
      texts.say("answer-only-when", {
        question: texts.say("quoted", { text: other?.label ?? "" }),
        answers: list.format(labels.map((text) => texts.say("quoted", { text }))),
      }),
    );
  }
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function describedBy(props: AnswerFieldProps): { readonly "aria-describedby"?: string } {
  const { id } = props.question;
  const parts = [...(props.fault === null ? [] : [`fault-${id}`]), ...(helpOf(props) === "" ? [] : [`help-${id}`])];
  return parts.length === 0 ? {} : { "aria-describedby": parts.join(" ") };
}
