import { byId, make } from "./dom.js";
import type { ClientSettings, Say } from "./settings.js";

/** Takes the place of the page's contents. Built here: the server has said nothing but that it is stored. */
export function showReceipt({ language }: ClientSettings, say: Say, documents: number): void {
  showEnd(say("receipt-title"), [
    make("p", { role: "status" }, say("receipt-lead")),
    make("p", {}, say("client-receipt-documents", { count: String(documents) })),
    make("p", {}, say("receipt-next")),
    make("p", {}, say("receipt-device")),
    make("p", {}, make("a", { href: `/${language}/` }, say("receipt-another"))),
  ]);
}

/** The name of the file that the offline form makes: it tells nothing. */
const FILE_NAME = "appeal.tar.gpg";

/** The offline form's end: the file is offered for saving, once by itself and again by its link. */
export function showSaved(say: Say, file: Blob, documents: number): void {
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
    make("p", {}, say("offline-saved-device")),
  ]);
  link.click();
}

function showEnd(title: string, contents: readonly Node[]): void {
  const heading = make("h1", { tabindex: "-1" }, title);
  const main = byId("main");
  main.className = "";
  main.replaceChildren(heading, ...contents);
  document.title = title;
  heading.focus();
}
