import { byId, make } from "../dom/index.js";
import type { ForwardFault } from "./forward-fault.js";
import { sayNow } from "./say-failure.js";
import type { ClientSettings, Say } from "./settings.js";

/** The form that takes a file which is encrypted already. */
export class ForwardView {
  readonly #form = byId("form") as HTMLFormElement;
  readonly #field = byId("field-file") as HTMLInputElement;
  readonly #send = byId("send") as HTMLButtonElement;
  readonly #state = byId("client-state");
  readonly #settings: ClientSettings;
  readonly #say: Say;
  readonly #fault = make("div", { class: "alert", role: "alert" });

  constructor(settings: ClientSettings, say: Say, send: (file: File | null) => void) {
    this.#settings = settings;
    this.#say = say;
    this.#form.addEventListener("submit", () => {
      if (this.#send.disabled) return;
      this.#clear();
      send(this.#field.files?.[0] ?? null);
    });
  }

  ready(): void {
    this.#state.replaceChildren();
    this.#send.disabled = false;
  }

  /** Shows why the file was not taken, and leads to the field. */
  refuse({ words, where }: ForwardFault, more: readonly Node[]): void {
    const say = this.#say;
    this.#fault.replaceChildren(
      make("h2", {}, say("encrypted-refused")),
      make("p", { id: "fault-file" }, say(words, { day: sayNow(this.#settings.language) })),
      ...(where === null ? [] : [make("p", {}, say(where))]),
      ...more,
    );
    this.#form.before(this.#fault);
    this.#mark(true);
    this.#field.focus();
  }

  /** Shows the form again with `message` beside its button. */
  comeBack(message: string): void {
    this.#state.replaceChildren(message);
    this.#send.focus();
  }

  /** Forgets which file was chosen. */
  wipe(): void {
    this.#form.reset();
  }

  #clear(): void {
    this.#fault.remove();
    this.#state.replaceChildren();
    this.#mark(false);
  }

  #mark(faulty: boolean): void {
    this.#field.closest(".field")?.classList.toggle("faulty", faulty);
    this.#field.toggleAttribute("aria-invalid", faulty);
    this.#field.setAttribute("aria-describedby", faulty ? "fault-file help-file" : "help-file");
  }
}
