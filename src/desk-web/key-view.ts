import { button, make } from "../dom/index.js";
import { faultWords } from "./fault-words.js";
import type { Session } from "./session.js";
import type { Say } from "./words.js";

/** Where the secret keys are unlocked, one file and passphrase after the other. `done` after each. */
export function keyView(say: Say, session: Session, done: () => void): HTMLElement {
  const files = make("input", { id: "keys", type: "file", multiple: "" });
  const passphrase = make("input", { id: "passphrase", type: "password", autocomplete: "off" });
  const said = make("p", { role: "status" });
  const unlock = button(
    say("desk-unlock"),
    async () => {
      unlock.disabled = true;
      said.className = "";
      said.textContent = say("desk-unlocking");
      try {
        await session.unlock([...(files.files ?? [])], passphrase.value);
        passphrase.value = "";
        done();
      } catch (cause) {
        said.className = "fault";
        said.textContent = faultWords(say, cause);
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
    said,
  ];
  const section = make("section", {}, make("h2", {}, say("desk-key-title")));
  if (unlocked.length === 0) section.append(...fields);
  else {
    section.append(make("ul", { id: "unlocked" }, ...unlocked));
    section.append(make("details", {}, make("summary", {}, say("desk-another-key")), ...fields));
  }
  return section;
}
