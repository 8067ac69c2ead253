import type { Case } from "../cases/index.js";
import { type ReplyAddress, replyFileName } from "../core/index.js";
import { button, make } from "../dom/index.js";
import { faultWords } from "./fault-words.js";
import { save } from "./save.js";
import type { Say } from "./words.js";
import type { WorkerPool } from "./worker-pool.js";

/** Unsaved replies, which must survive a redraw of the page. */
export class Drafts {
  readonly #texts = new Map<string, string>();

  get any(): boolean {
    return [...this.#texts.values()].some((text) => text.trim() !== "");
  }

  view(say: Say, workers: WorkerPool, one: Case, address: ReplyAddress, answered: (one: Case) => void): HTMLElement {
    const id = `reply-${one.folder}`;
    const text = make("textarea", { id, rows: "8" });
    text.value = this.#texts.get(one.id) ?? "";
    text.addEventListener("input", () => this.#texts.set(one.id, text.value));
    const files = make("input", { id: `${id}-files`, type: "file", multiple: "" });
    const status = make("p", { role: "status" });
    const send = button(
      say("desk-reply-save"),
      async () => {
        if (text.value.trim() === "") {
          status.className = "fault";
          status.textContent = say("desk-reply-empty");
          return text.focus();
        }
        send.disabled = true;
        try {
          const attachments = [...(files.files ?? [])];
          const contents = await workers.request({ kind: "reply", address, text: `${text.value}\n`, attachments });
          const name = replyFileName(address.mailbox, randomNumber());
          save(name, contents);
          status.className = "";
          status.textContent = say("desk-reply-saved", { name });
          this.#texts.delete(one.id);
          text.value = "";
          files.value = "";
          answered(one);
        } catch (cause) {
          status.className = "fault";
          status.textContent = faultWords(say, cause);
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
      status,
    );
  }
}

/** The page does not know earlier replies, so a random number keeps file names apart. */
function randomNumber(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return 100_000 + (random % 900_000);
}
