import { button, make } from "../dom/index.js";
import { JoinError, joinShares, readShare, type Share, ShareError, secretLine } from "../shares/index.js";
import type { Say } from "./words.js";

/** Puts shares of a split key together, one after the other, and gives `done` the passphrase. */
export function shareView(say: Say, done: (passphrase: string) => void): HTMLElement {
  const field = make("textarea", { id: "share", rows: "4", autocomplete: "off", spellcheck: "false" });
  const status = make("div", { "aria-live": "polite", id: "share-status" });
  let shares: Share[] = [];
  const add = async () => {
    try {
      const share = readShare(field.value);
      shares.push(share);
      field.value = "";
      if (shares.length < share.need) {
        const values = { count: String(shares.length), need: String(share.need) };
        status.replaceChildren(make("p", {}, say("desk-share-more", values)));
        field.focus();
        return;
      }
      const passphrase = secretLine(await joinShares(shares));
      shares = [];
      status.replaceChildren(make("p", {}, say("desk-share-joined")));
      done(passphrase);
    } catch (cause) {
      // What does not fit is taken out again, so that the right share can follow.
      if (cause instanceof JoinError) shares = shares.slice(0, -1);
      status.replaceChildren(make("p", { class: "fault" }, shareFaultWords(say, cause)));
    }
  };
  const join = button(say("desk-share-add"), () => void add());
  join.id = "add-share";
  return make(
    "details",
    { id: "shares" },
    make("summary", {}, say("desk-shares")),
    make("p", { class: "note" }, say("desk-shares-help")),
    make("div", { class: "field" }, make("label", { for: "share" }, say("desk-share")), field),
    make("p", { class: "actions" }, join),
    status,
  );
}

/** What is wrong with a share, with the place of the word. */
export function shareFaultWords(say: Say, cause: unknown): string {
  if (cause instanceof ShareError) {
    return say(`desk-share-fault-${cause.code}`, {
      word: String(cause.word ?? ""),
      next: String((cause.word ?? 0) + 1),
    });
  }
  return say(`desk-share-fault-${cause instanceof JoinError ? cause.code : "crashed"}`);
}
