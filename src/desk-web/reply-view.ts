import type { Case } from "../cases/index.js";
import { type ReplyAddress, replyFileName } from "../core/index.js";
import { button, make } from "../dom/index.js";
import { faultWords } from "./fault-words.js";
import { save } from "./save.js";
import type { Say } from "./words.js";
import type { DeskWorkers } from "./worker-pool.js";

/** Replies that are being written: a page that is drawn anew must not lose them. */
export class Drafts {
  readonly #texts = new Map<string, string>();

  get any(): boolean {
    return [...this.#texts.values()].some((text) => text.trim() !== "");
  }

  view(say: Say, workers: DeskWorkers, one: Case, address: ReplyAddress, answered: (one: Case) => void): HTMLElement {
    const id = `reply-${one.folder}`;
    const text = make("textarea", { id, rows: "8" });
    text.value = this.#texts.get(one.id) ?? "";
    text.addEventListener("input", () => this.#texts.set(one.id, text.value));
    const files = make("input", { id: `${id}-files`, type: "file", multiple: "" });
    const said = make("p", { role: "status" });
    const send = button(
      say("desk-reply-save"),
      async () => {
        if (text.value.trim() === "") {
          said.className = "fault";
          said.textContent = say("desk-reply-empty");
          return text.focus();
        }
        send.disabled = true;
        try {
          const attachments = [...(files.files ?? [])];
          const contents = await workers.ask({ kind: "reply", address, text: `${text.value}\n`, attachments });
          const name = replyFileName(address.mailbox, randomNumber());
          save(name, contents);
          said.className = "";
          said.textContent = say("desk-reply-saved", { name });
          this.#texts.delete(one.id);
          text.value = "";
          files.value = "";
          answered(one);
        } catch (cause) {
          said.className = "fault";
          said.textContent = faultWords(say, cause);
        }
        send.disabled = false;
      },
      "primary",
    );
    return make(
      "section",
      { class: "reply" },
      make("h3", {}, say("desk-reply-title")),
      make("div", { class: "field" }, make("label", { for: id }, say("desk-reply-text")), text),
      make("div", { class: "field" }, make("label", { for: `${id}-files` }, say("desk-reply-files")), files),
      make("p", { class: "actions" }, send),
      said,
    );
  }
}

/** The page does not know which replies there were before it: by chance, no two have the same name. */
function randomNumber(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return 100_000 + (random % 900_000);
}
