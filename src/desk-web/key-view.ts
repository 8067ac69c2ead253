import { showHidden } from "../cases/index.js";
import { button, make } from "../dom/index.js";
import type { KeyPart } from "../openpgp/index.js";
import { faultWords } from "./fault-words.js";
import type { Session } from "./session.js";
import { shareView } from "./share-view.js";
import type { Say } from "./words.js";

/** Of a ring of thousands of parts. */
const MAX_SHOWN = 100;

/** The section that unlocks secret keys, one passphrase at a time. Calls `done` after each that opened something. */
export function keyView(say: Say, session: Session, done: () => void): HTMLElement {
  const files = make("input", { id: "keys", type: "file", multiple: "" });
  const passphrase = make("input", { id: "passphrase", type: "password", autocomplete: "off" });
  const status = make("div", { role: "status", id: "key-status" }, ...stillLocked(say, session));
  const unlock = button(
    say("desk-unlock"),
    async () => {
      unlock.disabled = true;
      status.replaceChildren(make("p", {}, say("desk-unlocking")));
      try {
        const opened = await session.unlock([...(files.files ?? [])], passphrase.value);
        if (opened > 0) {
          passphrase.value = "";
          done();
        } else {
          const lines = stillLocked(say, session);
          const none = make("p", {}, say(session.unlocked.size === 0 ? "desk-key-none" : "desk-key-known"));
          status.replaceChildren(...(lines.length === 0 ? [none] : lines));
          passphrase.select();
        }
      } catch (cause) {
        status.replaceChildren(make("p", { class: "fault" }, faultWords(say, cause)));
      }
      unlock.disabled = false;
    },
    "primary",
  );
  unlock.id = "unlock";
  passphrase.addEventListener("keydown", ({ key }) => void (key === "Enter" && unlock.click()));
  const unlocked = [...session.unlocked.values()].map((part) =>
    make("li", {}, say("desk-unlocked"), " ", ...nameOf(part)),
  );
  const fields = [
    make("div", { class: "field" }, make("label", { for: "keys" }, say("desk-keys")), files),
    make("div", { class: "field" }, make("label", { for: "passphrase" }, say("desk-passphrase")), passphrase),
    make("p", { class: "note" }, say("desk-passphrase-help")),
    shareView(say, (joined) => {
      passphrase.value = joined;
    }),
    make("p", { class: "actions" }, unlock),
  ];
  const section = make("section", {}, make("h2", {}, say("desk-key-title")));
  if (unlocked.length === 0) section.append(...fields);
  else {
    section.append(make("ul", { id: "unlocked" }, ...unlocked));
    const more = make("details", {}, make("summary", {}, say("desk-another-key")), ...fields);
    more.open = session.locked.some(({ lock }) => lock === "passphrase");
    section.append(more);
  }
  section.append(status);
  return section;
}

/** What is wrong with each file of keys, and why each key in the others is not open. */
function stillLocked(say: Say, { locked, keyNotices }: Session): Node[] {
  const files = keyNotices.map(({ file, fault }) =>
    make("li", {}, make("bdi", {}, showHidden(file)), ": ", say(`desk-key-${fault}`)),
  );
  const keys = locked.map((part) =>
    make("li", {}, ...nameOf(part), ": ", say(`desk-lock-${part.lock ?? "unsupported"}`)),
  );
  const lines = [...files, ...keys];
  if (lines.length === 0) return [];
  return [make("ul", { class: "fault", id: "key-faults" }, ...lines.slice(0, MAX_SHOWN))];
}

function nameOf({ fingerprint, primary, userId }: KeyPart): Node[] {
  const shown = fingerprint === "" ? primary : fingerprint;
  const code = make("code", {}, shown.match(/.{1,4}/g)?.join(" ") ?? "?");
  return userId === "" ? [code] : [code, document.createTextNode(" "), make("bdi", {}, showHidden(userId))];
}
