import type { Texts } from "../../locales/index.js";
import { PRIVATE_FIELD } from "./private-text.js";

/** The part's name in forms. */
export const RECEIPT_CODE_FIELD = "receipt-code";

export interface ReceiptCodeFieldProps {
  /** Where a page has two of them. */
  readonly id?: string;
  readonly texts: Texts;
  /** Messages for the label and the help below it. */
  readonly label: string;
  readonly help: string;
  /** Whether a browser may send it; without a name it cannot. */
  readonly named: boolean;
  readonly value: string;
  readonly fault: string | null;
}

/** Where a receipt code is typed: of any spacing and in any digits, so the browser checks nothing. */
export function ReceiptCodeField(props: ReceiptCodeFieldProps) {
  const { id = RECEIPT_CODE_FIELD, texts, label, help, named, value, fault } = props;
  return (
    <div class={fault === null ? "field" : "field faulty"}>
      <label for={`field-${id}`}>{texts.say(label)}</label>
      <p class="help" id={`help-${id}`}>
        {texts.say(help)}
      </p>
      {fault !== null && (
        <p class="fault" id={`fault-${id}`}>
          {fault}
        </p>
      )}
      <input
        id={`field-${id}`}
        {...(named ? { name: RECEIPT_CODE_FIELD } : {})}
        type="text"
        inputmode="numeric"
        value={value}
        autocomplete="off"
        autocapitalize="none"
        {...PRIVATE_FIELD}
        aria-describedby={fault === null ? `help-${id}` : `fault-${id} help-${id}`}
        {...(fault === null ? {} : { "aria-invalid": "true" as const })}
      />
    </div>
  );
}
