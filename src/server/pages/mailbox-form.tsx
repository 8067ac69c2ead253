import type { ComponentChildren } from "preact";
import type { Texts } from "../../locales/index.js";
import { ReceiptCodeField } from "./receipt-code-field.js";

/** Where the client reads replies, and shows them. No browser can submit it. */
export function MailboxForm({
  texts,
  children,
}: {
  readonly texts: Texts;
  /** Before the button. */
  readonly children?: ComponentChildren;
}) {
  return (
    <>
      <form id="mailbox" method="dialog" autocomplete="off">
        <ReceiptCodeField
          id="mailbox-code"
          texts={texts}
          label="replies-code"
          help="replies-code-help"
          named={false}
          value=""
          fault={null}
        />
        <div id="mailbox-state" class="state" role="status" />
        {children}
        <button id="read" type="submit" disabled aria-describedby="mailbox-state">
          {texts.say("replies-read")}
        </button>
      </form>
      <div id="replies" />
    </>
  );
}
