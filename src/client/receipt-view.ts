import { formatReceiptCode } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import type { ClientSettings, Say } from "./settings.js";

/**
 * Takes the place of the page's contents. Built here: the server has said nothing but that it is stored.
 * @param code the new receipt code; null if the submission adds to an earlier one
 */
export function showReceipt({ language }: ClientSettings, say: Say, code: string | null, documents: number): void {
  showEnd(say("receipt-title"), [
    make("p", { role: "status" }, say("receipt-lead")),
    make("p", {}, say("client-receipt-documents", { count: String(documents) })),
    receiptCode(say, code),
    make("p", {}, say("receipt-next")),
    make("p", {}, say("receipt-device")),
    make("p", {}, make("a", { href: `/${language}/replies` }, say("replies-title"))),
    make("p", {}, make("a", { href: `/${language}/` }, say("receipt-another"))),
  ]);
}

/** The name of the file that the offline form makes: it tells nothing. */
const FILE_NAME = "appeal.tar.gpg";

/** The offline form's end: the file is offered for saving, once by itself and again by its link. */
export function showSaved(say: Say, file: Blob, code: string | null, documents: number): void {
  const link = make(
    "a",
    { href: URL.createObjectURL(file), download: FILE_NAME, class: "button" },
    say("offline-save"),
  );
  showEnd(say("offline-saved-title"), [
    make("p", { role: "status" }, say("offline-saved-lead", { name: FILE_NAME })),
    make("p", {}, link),
    make("p", {}, say("client-receipt-documents", { count: String(documents) })),
    make("p", {}, say("offline-saved-next")),
    receiptCode(say, code),
    make("p", {}, say("offline-saved-device")),
  ]);
  link.click();
}

/** The code, shown once; printed, it is all that is on the page. */
function receiptCode(say: Say, code: string | null): HTMLElement {
  if (code === null) return make("p", {}, say("receipt-follow-up"));
  document.body.className = "receipt";
  const state = make("p", { role: "status" });
  const actions = [button(say("receipt-code-print"), () => print())];
  // Without TLS only an onion service's page may have a clipboard, and not in every browser.
  if (navigator.clipboard !== undefined) {
    const copy = async () => {
      await navigator.clipboard.writeText(formatReceiptCode(code));
      state.textContent = say("receipt-code-copied");
    };
    actions.unshift(button(say("receipt-code-copy"), () => void copy()));
  }
  return make(
    "section",
    { "aria-labelledby": "receipt-code-title" },
    make("h2", { id: "receipt-code-title" }, say("receipt-code-title")),
    make("p", { class: "receipt-code", translate: "no" }, formatReceiptCode(code)),
    make("p", {}, say("receipt-code-keep")),
    make("p", { class: "actions" }, ...actions),
    state,
  );
}

function showEnd(title: string, contents: readonly Node[]): void {
  const heading = make("h1", { tabindex: "-1" }, title);
  const main = byId("main");
  main.className = "";
  main.replaceChildren(heading, ...contents);
  document.title = title;
  heading.focus();
}
