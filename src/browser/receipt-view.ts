import { byId, make } from "./dom.js";
import type { ClientSettings, Say } from "./settings.js";

/** Takes the place of the page's contents. Built here: the server has said nothing but that it is stored. */
export function showReceipt({ language }: ClientSettings, say: Say, documents: number): void {
  const heading = make("h1", { tabindex: "-1" }, say("receipt-title"));
  byId("main").replaceChildren(
    heading,
    make("p", { role: "status" }, say("receipt-lead")),
    make("p", {}, say("client-receipt-documents", { count: String(documents) })),
    make("p", {}, say("receipt-next")),
    make("p", {}, say("receipt-device")),
    make("p", {}, make("a", { href: `/${language}/` }, say("receipt-another"))),
  );
  document.title = say("receipt-title");
  heading.focus();
}
