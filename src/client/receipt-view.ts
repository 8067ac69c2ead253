import { formatReceiptCode } from "../core/index.js";
import { button, byId, make } from "../dom/index.js";
import type { Report } from "./messages.js";
import { sayUntil } from "./say-failure.js";
import { type ClientSettings, type Say, sayDocuments } from "./settings.js";

/**
 * Replaces the page's contents with the receipt. The server only confirms storage; it never sees the code.
 * @param code the new receipt code, or null for a follow-up
 */
export function showReceipt({ language }: ClientSettings, say: Say, code: string | null, documents: number): void {
  showEnd(say("receipt-title"), [
    make("p", { role: "status" }, say("receipt-lead"), " ", sayDocuments(say, language, documents)),
    receiptCode(say, code),
    make("h2", {}, say("receipt-next-title")),
    make(
      "ul",
      { class: "next" },
      make("li", {}, say("receipt-opened")),
      make("li", {}, say("answer-times")),
      make("li", {}, say("receipt-next")),
      make("li", {}, say("receipt-device")),
    ),
    make("p", { class: "note" }, say("impostors")),
    make(
      "p",
      { class: "links" },
      make("a", { href: `/${language}/replies` }, say("footer-replies")),
      make("a", { href: `/${language}/` }, say("receipt-another")),
    ),
  ]);
}

/** The same for everybody, so that the name reveals nothing. */
const FILE_NAME = "appeal.tar.gpg";

/** The receipt of a letter that became a file. Starts the download of `file`, and keeps a link to repeat it. */
export function showSaved(
  { language }: ClientSettings,
  say: Say,
  { file, code, until }: Extract<Report, { kind: "saved" }>,
  documents: number,
): void {
  const link = make(
    "a",
    { href: URL.createObjectURL(file), download: FILE_NAME, class: "button" },
    say("offline-save"),
  );
  // The front page's own link to where the file is taken; the offline form has none.
  const handOver = document.querySelectorAll('main a[href$="/encrypted"]');
  showEnd(say("offline-saved-title"), [
    make("p", { role: "status" }, say("offline-saved-lead", { name: FILE_NAME })),
    make("p", {}, link),
    make("p", {}, sayDocuments(say, language, documents)),
    make("p", {}, say("offline-saved-next"), " ", say("answer-times")),
    ...(until === null ? [] : [make("p", { class: "alert" }, sayUntil(say, language, "offline-saved-until", until))]),
    ...handOver,
    receiptCode(say, code),
    make("p", {}, say("offline-saved-device")),
  ]);
  link.click();
}

/**
 * The receipt of a file that was encrypted already: the same as the server's own page without JavaScript.
 * @param outside whether words stood around the encrypted part
 */
export function showForwarded(say: Say, outside: boolean): void {
  showEnd(say("receipt-title"), [
    make("p", { role: "status" }, say("encrypted-stored")),
    ...(outside ? [make("p", { class: "alert" }, say("encrypted-outside"))] : []),
    make("p", {}, say("encrypted-number")),
    make("p", {}, say("receipt-device")),
  ]);
}

/** Shows the code. In print, the page holds nothing else. */
function receiptCode(say: Say, code: string | null): HTMLElement {
  if (code === null) return make("p", {}, say("receipt-follow-up"));
  document.body.className = "receipt";
  const state = make("p", { role: "status" });
  const actions = [button(say("receipt-code-print"), () => print())];
  // Browsers give the clipboard to secure contexts only; not all count onion services among them.
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
    make("details", {}, make("summary", {}, say("receipt-code-about")), make("p", {}, say("receipt-code-means"))),
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
