import { button, make } from "../dom/index.js";
import { faultWords } from "./fault-words.js";
import type { Session } from "./session.js";
import type { Say } from "./words.js";

/** The section that unlocks secret keys, one passphrase at a time. Calls `done` after each. */
export function keyView(say: Say, session: Session, done: () => void): HTMLElement {
  const files = make("input", { id: "keys", type: "file", multiple: "" });
  const passphrase = make("input", { id: "passphrase", type: "password", autocomplete: "off" });
  const status = make("p", { role: "status" });
  const unlock = button(
    say("desk-unlock"),
    async () => {
      unlock.disabled = true;
      status.className = "";
      status.textContent = say("desk-unlocking");
      try {
        await session.unlock([...(files.files ?? [])], passphrase.value);
        passphrase.value = "";
        done();
      } catch (cause) {
        status.className = "fault";
        status.textContent = faultWords(say, cause);
        passphrase.select();
      }
      unlock.disabled = false;
    },
    "primary",
  );
  unlock.id = "unlock";
  passphrase.addEventListener("keydown", ({ key }) => void (key === "Enter" && unlock.click()));
  const unlocked = [...session.unlocked].map((fingerprint) =>
    make(
      "li",
      {},
      say("desk-unlocked"),
      " ",
      make(
        "code",
        {},
        fingerprint
          .toUpperCase()
          .match(/.{1,4}/g)
          ?.join(" ") ?? "",
      ),
    ),
  );
  const fields = [
    make("div", { class: "field" }, make("label", { for: "keys" }, say("desk-keys")), files),
    make("div", { class: "field" }, make("label", { for: "passphrase" }, say("desk-passphrase")), passphrase),
    make("p", { class: "actions" }, unlock),
    status,
  ];
  const section = make("section", {}, make("h2", {}, say("desk-key-title")));
  if (unlocked.length === 0) section.append(...fields);
  else {
    section.append(make("ul", { id: "unlocked" }, ...unlocked));
    section.append(make("details", {}, make("summary", {}, say("desk-another-key")), ...fields));
  }
  return section;
}
